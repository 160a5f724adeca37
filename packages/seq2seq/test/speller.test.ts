import { forward } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createSeq2seq, Speller, seq2seqConfigSchema } from "../src/index.ts";

useEngine();

const config = seq2seqConfigSchema.parse({
  ...{ sourceVocabularySize: 9, targetVocabularySize: 9, tiedEmbeddings: "all" },
  ...{ embeddingSize: 6, hiddenSize: 6, attention: { kind: "bahdanau" } },
  encoder: { bidirectional: "all" },
});

test("a speller says of an encoding what the encoder-decoder with its weights says", async () => {
  const whole = createSeq2seq(config, createRandom(3));
  const speller = new Speller(config, whole.memorySize, createRandom(4));
  expect([...speller.namedParameters().keys()]).toEqual(
    [...whole.namedParameters().keys()].filter((name) => !name.startsWith("reader.")),
  );
  for (const [name, parameter] of speller.namedParameters()) {
    parameter.assign(whole.namedParameters().get(name) ?? parameter);
  }
  await expectNoLeak(() =>
    tf.tidy(() => {
      const tokens = tf.tensor2d(
        [
          [4, 5, 6],
          [7, 8, 4],
        ],
        undefined,
        "int32",
      );
      const encoding = whole.encode({ tokens, lengths: [3, 2] });
      const target = tf.tensor2d(
        [
          [1, 5, 7],
          [1, 8, 8],
        ],
        undefined,
        "int32",
      );
      const expected = forward(whole, target, whole.start(encoding));
      expectClose(forward(speller, target, speller.start(encoding)).logits, expected.logits, 1e-6);
    }),
  );
  whole.dispose();
  speller.dispose();
});

test("rejects an encoding of another size", () => {
  const speller = new Speller(config, 5, createRandom(4));
  tf.tidy(() => {
    const encoding = {
      memory: tf.zeros<tf.Rank.R3>([1, 2, 4]),
      summary: tf.zeros<tf.Rank.R2>([1, 4]),
      layers: [],
    };
    expect(() => speller.start(encoding)).toThrow(
      "the encoding has 4 units (summary 4), the decoder expects 5",
    );
  });
  speller.dispose();
});
