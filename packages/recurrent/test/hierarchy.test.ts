import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { createEncoder, Hierarchy } from "../src/index.ts";
import { normal, shaken, size } from "./support/cells.ts";

useEngine();

/** Three documents with 2, 3 and 1 sentences. */
const lengths = [[4, 2], [1, 3, 4], [2]];
const words = 4;

function makeHierarchy(): Hierarchy {
  const level = { cell: "gru", units: size } as const;
  const ofWords = createEncoder(
    { ...level, inputSize: size, bidirectional: "all" },
    createRandom(1),
  );
  const ofSentences = createEncoder({ ...level, inputSize: 2 * size }, createRandom(2));
  return shaken(new Hierarchy(ofWords, ofSentences));
}

const sentences = () => normal<tf.Rank.R3>([lengths.flat().length, words, size], 3);

/** Sentences with `padding` past their words. */
function padded(padding: number): tf.Tensor3D {
  const mask = lengths.flat().flatMap((n) => [...Array(words).keys()].map((t) => t < n));
  const input = sentences();
  const valid = tf.tensor3d(mask, [input.shape[0], words, 1], "bool");
  return tf.where(valid, input, tf.fill(input.shape, padding));
}

test("encodes documents independently of each other and of padding", () => {
  const hierarchy = makeHierarchy();
  const input = padded(Number.NaN);
  const together = hierarchy.forward(input, lengths);
  expect(together.words.output.shape).toEqual([6, words, 2 * size]);
  expect(together.sentences.output.shape).toEqual([3, 3, size]);
  let row = 0;
  lengths.forEach((document, index) => {
    const single = hierarchy.forward(tf.slice(input, row, document.length), [document]);
    const count = document.length;
    const output = tf.slice(together.sentences.output, [index, 0], [1, count]);
    expectClose(output, single.sentences.output);
    const rest = tf.slice(together.sentences.output, [index, count], [1, 3 - count]);
    expectClose(rest, tf.zerosLike(rest), 0);
    expectClose(tf.slice(together.sentences.summary, index, 1), single.sentences.summary);
    expectClose(tf.slice(together.words.output, row, count), single.words.output);
    row += count;
  });
});

test("padding has no gradient and does not affect others", () => {
  const hierarchy = makeHierarchy();
  const gradients = (input: tf.Tensor3D) =>
    tf.grads((x) => tf.sum(tf.sin(hierarchy.forward(x as tf.Tensor3D, lengths).sentences.summary)))(
      [input, ...hierarchy.parameters()],
    );
  const [zeros, nans] = [gradients(padded(0)), gradients(padded(Number.NaN))];
  zeros.forEach((gradient, i) => {
    expectClose(nans[i] ?? 0, gradient);
  });
  const ofPadding = tf.slice(nans[0] ?? 0, [1, 2, 0], [1, 2, -1]);
  expectClose(ofPadding, tf.zerosLike(ofPadding), 0);
});

test("gradients agree with central differences", () => {
  const hierarchy = makeHierarchy();
  const loss = (x: tf.Tensor) =>
    tf.sin(hierarchy.forward(x as tf.Tensor3D, [[2, 1], [1]]).sentences.output);
  const input = tf.slice(sentences(), [0, 0, 0], [3, 2, -1]);
  checkGradient(loss, [input]);
});

test("leaks no tensors", async () => {
  const [hierarchy, input] = [makeHierarchy(), sentences()];
  const loss = () => tf.sum(hierarchy.forward(input, lengths).sentences.summary) as tf.Scalar;
  tf.dispose(tf.variableGrads(loss)); // the kernels' constants
  await expectNoLeak(() => tf.dispose(tf.variableGrads(loss)));
});

test.each([
  [[[4, 2], [], [1, 3, 4, 2]], "document 1 has no sentences; give it at least one"],
  [
    [
      [4, 2],
      [1, 3, 4],
    ],
    "5 lengths for a batch of 6",
  ],
  [[[4, 2], [1, 0, 4], [2]], "length 0 of sequence 3; lengths are whole numbers from 1 to 4"],
])("rejects the lengths %j", (lengths, message) => {
  expect(() => makeHierarchy().forward(sentences(), lengths)).toThrow(message);
});

test("rejects levels of different sizes", () => {
  const level = (inputSize: number) => createEncoder({ cell: "gru", inputSize, units: 3 });
  expect(() => new Hierarchy(level(2), level(2))).toThrow(
    "the word level has 3 output features, the sentence level 2 input features; they must be equal",
  );
});
