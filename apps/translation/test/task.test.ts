import { coverageLoss, lengthMask } from "@attend/attention";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import {
  createNetwork,
  learnTokenizers,
  networkSchema,
  vocabularySchema,
} from "@attend/translator";
import { expect, test } from "vitest";
import { encodePairs, trainingBatch } from "../src/dataset.ts";
import { translationTask } from "../src/task.ts";
import { pairs } from "./support/models.ts";
import { tinyTraining, useTrainCommand } from "./support/train.ts";

useEngine();

test("the coverage loss is added to the cross-entropy by its weight, and has a gradient", async () => {
  const tokenizers = learnTokenizers(pairs, vocabularySchema.parse({ size: 330 }));
  const config = networkSchema.parse({
    kind: "seq2seq",
    embeddingSize: 8,
    hiddenSize: 8,
    attention: { kind: "luong", score: "additive", coverage: true },
  });
  const network = createNetwork(config, tokenizers, createRandom(1));
  const { examples } = encodePairs(pairs, tokenizers, 40);
  const batch = trainingBatch(examples);
  const { source, target } = batch;
  const random = createRandom(2);
  const lossWith = (weight?: number) => {
    const options = { tokensPerBatch: 4096, labelSmoothing: 0.1, coverageLoss: weight };
    return translationTask(network, examples, options).loss(batch, random).loss;
  };
  await expectNoLeak(() => {
    tf.tidy(() => {
      const { attention: weights } = network.losses(source, target);
      if (weights === undefined) throw new TypeError("a network with attention");
      const coverage = coverageLoss(weights, lengthMask(target.lengths, target.inputs.shape[1]));
      expect(coverage.dataSync()[0]).toBeGreaterThan(0.05);
      expectClose(tf.sub(lossWith(2), lossWith()), tf.mul(2, coverage), 1e-4);
      const { grads } = tf.variableGrads(
        () => tf.sub(lossWith(2), lossWith()),
        network.parameters(),
      );
      const largest = tf.max(
        tf.concat(Object.values(grads).map((each) => tf.reshape(tf.abs(each), [-1]))),
      );
      expect(largest.dataSync()[0]).toBeGreaterThan(1e-4);
    });
  });
  tf.dispose([source.tokens, target]);
  network.dispose();
});

const { write, expectRejection } = useTrainCommand();

test("a coverage loss needs a network that keeps coverage", async () => {
  write("config.json", JSON.stringify(tinyTraining({ coverageLoss: 1 })));
  await expectRejection(
    [write("a.en", "A dog.\n"), write("a.de", "Ein Hund.\n")],
    'coverageLoss: needs a network "seq2seq" with "coverage" in its "attention"',
  );
});
