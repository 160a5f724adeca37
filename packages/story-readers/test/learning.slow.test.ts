import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createReader, type ReaderConfigInput } from "../src/index.ts";

useEngine();

const recurrent = { embeddingSize: 12, units: 16 };
const sizes: readonly Partial<ReaderConfigInput>[] = [
  { kind: "lstm", ...recurrent },
  { kind: "attention-lstm", ...recurrent },
  { kind: "hierarchical", ...recurrent },
  { kind: "memory-network", size: 12, hops: 2, noise: 0 },
  { kind: "query-reduction", size: 12 },
  { kind: "universal-transformer", size: 16, heads: 2, feedForwardSize: 32, maxSteps: 3 },
];

/** "1 w" says where someone is, the latest counts: who 1 or 2, places 3 to 6. */
const random = createRandom(3);
const made = Array.from({ length: 48 }, () => {
  const story = Array.from({ length: 3 }, () => [1 + random.integer(2), 3 + random.integer(4)]);
  const who = story[random.integer(3)]?.[0] ?? 1;
  const place = story.findLast(([one]) => one === who)?.[1] ?? 3;
  return { story, question: [7, who], answer: place - 3 };
});

test.each(sizes)("learns who is where: $kind", { timeout: 600_000 }, (size) => {
  const config = { vocabularySize: 8, answers: 4, maxSentences: 3, ...size } as ReaderConfigInput;
  const reader = createReader(config, createRandom(1));
  const labels = tf.tensor1d(
    made.map(({ answer }) => answer),
    "int32",
  );
  const adam = tf.train.adam(0.02);
  const accuracy = () =>
    tf.tidy(() => {
      const hits = tf.equal(tf.argMax(reader.read(made).logits, 1), labels);
      return tf.mean(hits).dataSync()[0] ?? 0;
    });
  let [step, reached] = [0, 0];
  while (step < 300 && reached <= 0.95) {
    adam.minimize(
      () => tf.mean<tf.Scalar>(crossEntropy(reader.read(made).logits, labels)),
      false,
      reader.parameters(),
    );
    if (++step % 20 === 0) reached = accuracy();
  }
  expect(reached).toBeGreaterThan(0.95);
  adam.dispose();
  labels.dispose();
  reader.dispose();
});
