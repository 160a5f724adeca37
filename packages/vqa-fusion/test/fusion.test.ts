import { createRandom, tf } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createFusion, type FusionConfigInput } from "../src/index.ts";
import { makeImage, makeQuestion, sizes } from "./support/batches.ts";

useEngine();

const bag = { kind: "bag-of-words" } as const;
const concatenation = (config: object = {}) =>
  createFusion(
    { kind: "concatenation", ...sizes, question: bag, size: 3, ...config },
    createRandom(1),
  );

test.each([{ question: { kind: "gru", size: 8, dropout: 0.5 } }, { imageDropout: 0.5 }])(
  "dropout depends on the seed, and is only applied in training: %j",
  (config) => {
    const fusion = concatenation(config);
    const run = (seed?: number) => {
      const options = seed === undefined ? {} : { random: createRandom(seed) };
      return fusion.fuse(makeQuestion([3, 2]), makeImage(2), options).joint;
    };
    expectClose(run(1), run(1), 0);
    expect(() => expectClose(run(1), run(2))).toThrow("not close");
    expect(() => expectClose(run(1), run())).toThrow("not close");
  },
);

test("a normalized image keeps only its direction, also one of zeros", () => {
  const fusion = createFusion(
    { kind: "product", ...sizes, question: bag, size: 3 },
    createRandom(1),
  );
  const [question, { map, pooled }] = [makeQuestion([3]), makeImage(1)];
  const { joint } = fusion.fuse(question, { map, pooled });
  expectClose(fusion.fuse(question, { map, pooled: tf.mul(pooled, 7) }).joint, joint);
  expectClose(fusion.fuse(question, { map, pooled: tf.zerosLike(pooled) }).joint, [[0, 0, 0]]);
});

test("a blind fusion sees the question, not the image", () => {
  const fusion = createFusion({ kind: "blind", ...sizes, question: bag }, createRandom(1));
  const { joint } = fusion.fuse(makeQuestion([3, 2]), makeImage(2));
  const { map, pooled } = makeImage(2);
  const others = { map: tf.mul<tf.Tensor3D>(map, 2), pooled: tf.mul<tf.Tensor2D>(pooled, 2) };
  expectClose(fusion.fuse(makeQuestion([3, 2]), others).joint, joint, 0);
  expect(() => expectClose(tf.slice(joint, 0, 1), tf.slice(joint, 1, 1))).toThrow("not close");
});

describe("errors", () => {
  const fuse = (lengths: readonly number[], rows: number, channels?: number) => () =>
    concatenation().fuse({ ...makeQuestion([3, 2]), lengths }, makeImage(rows, channels));

  test("images of other channels, or too few of them", () => {
    const expected = "expected [images 2, positions, channels 3] and its mean";
    expect(fuse([3, 2], 2, 5)).toThrow(
      `the images' map is [2,4,5] and their mean [2,5], ${expected}; give "of" if several questions are about one image`,
    );
    expect(fuse([3, 2], 1)).toThrow(`the images' map is [1,4,3] and their mean [1,3], ${expected}`);
  });

  test("as many numbers of images as questions", () => {
    const image = { ...makeImage(1), of: tf.tensor1d([0, 0, 0], "int32") };
    expect(() => concatenation().fuse(makeQuestion([3, 2]), image)).toThrow(
      '"of" has numbers of 3 images for 2 questions',
    );
  });

  test("a map that is not square, for film", () => {
    const film = createFusion({ kind: "film", ...sizes, question: bag, size: 4 }, createRandom(1));
    const { map, pooled } = makeImage(1);
    const image = { map: tf.slice(map, [0, 0, 0], [1, 3, -1]), pooled };
    expect(() => film.fuse(makeQuestion([2]), image)).toThrow(
      `the images' map has 3 positions; "film" requires a square number of them`,
    );
  });

  test("an empty question, one that is too long, a missing length", () => {
    expect(fuse([3, 0], 2)).toThrow(
      "question 1 has a length of 0, expected a whole number from 1 to 3 (the steps); leave out an empty question",
    );
    expect(fuse([4, 2], 2)).toThrow("question 0 has a length of 4");
    expect(fuse([3], 2)).toThrow("1 lengths for 2 questions");
  });

  test.each<[object, string]>([
    [{ kind: "sum" }, "fusion config: kind: "],
    [{ kind: "product", hops: 2 }, "fusion config: hops: unknown key; correct it"],
    [{ kind: "stacked", question: { kind: "rnn" } }, "fusion config: question.kind: "],
    [
      { kind: "product", question: { kind: "transformer", size: 6, heads: 4 } },
      "fusion config: question.heads: the heads do not divide the size; correct it",
    ],
    [{ kind: "product", question: { kind: "transformer", size: 5, heads: 1 } }, "must be even"],
  ])("the config %j", (config, message) => {
    const given = { ...sizes, ...config } as FusionConfigInput;
    expect(() => createFusion(given)).toThrow(message);
  });
});
