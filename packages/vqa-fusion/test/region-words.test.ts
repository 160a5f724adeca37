import { setParameter } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import {
  checkVariableGradients,
  expectClose,
  expectNoLeak,
  loadGolden,
  useEngine,
} from "@attend/test-kit";
import { expect, test } from "vitest";
import { binaryCrossEntropy, createFusion, WordGuided } from "../src/index.ts";
import { imageOf, makeQuestion, sizes } from "./support/batches.ts";

interface Golden {
  readonly map: number[][][];
  readonly shown: number[][];
  readonly kernel: number[][];
  readonly bias: number[];
  readonly loss: number[];
  readonly kernelGradient: number[][];
  readonly biasGradient: number[];
}

const golden = loadGolden<Golden>(new URL("./golden/region-words.golden.json", import.meta.url));

useEngine();

function wordGuided(seed?: number): WordGuided {
  const question = { kind: "bag-of-words" } as const;
  const config = { kind: "word-guided", ...sizes, question, size: 3, words: [4, 7, 2] } as const;
  const fusion = createFusion(config, seed === undefined ? undefined : createRandom(seed));
  if (!(fusion instanceof WordGuided)) throw new Error("another fusion was created");
  return fusion;
}

/** The loss of the words that are said of each image, the mean over the words. */
function wordLoss(fusion: WordGuided, map: tf.Tensor3D, said: tf.Tensor2D): tf.Tensor1D {
  const { shown } = fusion.fuse(
    makeQuestion(Array.from({ length: map.shape[0] }, () => 1)),
    imageOf(map),
  );
  if (shown === undefined) throw new Error("nothing is said of the images");
  return tf.div(binaryCrossEntropy(shown, said), said.shape[1]);
}

test("the loss of words that are said of images and its gradients equal PyTorch's", async () => {
  const fusion = wordGuided();
  const { kernel, bias } = fusion.regionWords.scores;
  if (bias === undefined) throw new Error("the scores have no bias");
  setParameter(kernel, Float32Array.from(golden.kernel.flat()));
  setParameter(bias, Float32Array.from(golden.bias));
  const run = () =>
    tf.tidy(() => {
      const loss = () => wordLoss(fusion, tf.tensor3d(golden.map), tf.tensor2d(golden.shown));
      expectClose(loss(), golden.loss);
      const { grads } = tf.variableGrads(() => tf.sum(loss()));
      expectClose(grads[kernel.name] ?? 0, golden.kernelGradient);
      expectClose(grads[bias.name] ?? 0, golden.biasGradient);
      checkVariableGradients(loss, fusion.regionWords.namedParameters());
    });
  run(); // allocates the kernels' constants
  await expectNoLeak(run);
  fusion.dispose();
});

test("learns from whole images in which region a word is, and looks there for a question with it", () => {
  const fusion = wordGuided(1);
  tf.tidy(() => fusion.search.assign(tf.fill(fusion.search.shape, 5)));
  const optimizer = tf.train.adam(0.1);
  // Channel 0 is the first word, channel 1 the second one, channel 2 neither of them; in a map of 5 x 5.
  const channels = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const images: readonly (readonly [place: number, word: number][])[] = [
    [[11, 0]],
    [[17, 1]],
    [
      [6, 1],
      [13, 0],
    ],
    [],
  ];
  const map = tf.tensor3d(
    images.map((shown) =>
      Array.from({ length: 25 }, (_, place) => channels[new Map(shown).get(place) ?? 2] ?? []),
    ),
  );
  const said = tf.tensor2d([
    [1, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
  const variables = fusion.regionWords.parameters();
  for (let step = 0; step < 60; step++) {
    optimizer.minimize(() => tf.mean(wordLoss(fusion, map, said)), false, variables);
  }
  // Words 4 and 7 of the vocabulary, in photos with one of them and with both.
  const tokens = tf.tensor2d(
    [
      [3, 4, 5],
      [7, 3, 0],
      [7, 3, 0],
      [4, 3, 0],
    ],
    [4, 3],
    "int32",
  );
  const of = tf.tensor1d([0, 1, 2, 2], "int32");
  const { attention } = fusion.fuse({ tokens, lengths: [3, 2, 2, 2] }, { ...imageOf(map), of });
  const looked = attention === undefined ? [] : tf.argMax(attention, 2).dataSync();
  const near = (one: number, other: number) =>
    Math.abs((one % 5) - (other % 5)) <= 1 &&
    Math.abs(Math.floor(one / 5) - Math.floor(other / 5)) <= 1;
  // The last of two looks.
  const found = [11, 17, 6, 13].map((place, question) =>
    near(looked[2 * question + 1] ?? -9, place),
  );
  expect(found).toEqual([true, true, true, true]);
  optimizer.dispose();
  fusion.dispose();
});

test("a question without such words looks where the features are large, all around", () => {
  const fusion = wordGuided(1);
  // In a map of 5 x 5, place 4 is the largest, and those around 12 are larger than others.
  const large = [6, 7, 8, 11, 12, 13, 16, 17, 18];
  const scale = Array.from({ length: 25 }, (_, place) =>
    place === 4 ? 4 : large.includes(place) ? 3 : 1,
  );
  const image = imageOf(tf.tensor3d([scale.map((value) => [value, -value, value])]));
  const tokens = tf.tensor2d([[3, 5]], undefined, "int32");
  const { attention } = fusion.fuse({ tokens, lengths: [2] }, image);
  expect(attention && [...tf.argMax(attention, 2).dataSync()].at(-1)).toBe(12);
  fusion.dispose();
});

test("a map that is not square is refused", () => {
  const fusion = wordGuided(1);
  const image = imageOf(tf.ones([1, 3, 3]));
  expect(() => fusion.view(image)).toThrow(
    'the images\' map has 3 positions; "word-guided" requires a square number of them',
  );
  fusion.dispose();
});

test("questions do not change what the words mean", () => {
  const fusion = wordGuided(1);
  const image = imageOf(tf.randomUniform([1, 4, 3], -1, 1, "float32", 1));
  const { grads } = tf.variableGrads(() => tf.sum(fusion.fuse(makeQuestion([3]), image).joint));
  for (const parameter of fusion.regionWords.parameters()) {
    expectClose(grads[parameter.name] ?? 1, tf.zeros(parameter.shape), 0);
  }
  fusion.dispose();
});
