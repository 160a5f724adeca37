import { decodeEach, meanLoss, teacherForcing, tokenLosses } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { checkGradient, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { AnswerClasses, binaryCrossEntropy, createFusion, GeneratedAnswer } from "../src/index.ts";
import { makeImage, makeQuestion, sizes } from "./support/batches.ts";

useEngine();

test("the classes' logits, with dropout in training", async () => {
  const answers = new AnswerClasses(4, 3, { dropout: 0.5 }, createRandom(1));
  const joint = tf.ones<tf.Rank.R2>([2, 4]);
  const logits = answers.logits(joint);
  expectClose(logits, tf.matMul(joint, answers.output.kernel));
  const dropped = answers.logits(joint, { random: createRandom(1) });
  expect(() => expectClose(dropped, logits)).toThrow("not close");
  await expectNoLeak(() => answers.logits(joint).dispose());
  answers.dispose();
});

test("binary cross-entropy: -sum s log p + (1 - s) log(1 - p)", async () => {
  const [logits, targets] = [
    tf.tensor2d([
      [0, 2],
      [-1, 3],
    ]),
    tf.tensor2d([
      [1, 0.3],
      [0, 0.9],
    ]),
  ];
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const loss = (x: number, s: number) =>
    -(s * Math.log(sigmoid(x)) + (1 - s) * Math.log(1 - sigmoid(x)));
  expectClose(binaryCrossEntropy(logits, targets), [
    loss(0, 1) + loss(2, 0.3),
    loss(-1, 0) + loss(3, 0.9),
  ]);
  checkGradient((x) => binaryCrossEntropy(x as tf.Tensor2D, targets), [logits]);
  await expectNoLeak(() => binaryCrossEntropy(logits, targets).dispose());
});

test("binary cross-entropy of large logits is finite", () => {
  const logits = tf.tensor2d([[1000, -1000]]);
  expectClose(binaryCrossEntropy(logits, tf.tensor2d([[1, 0]])), [0]);
  expectClose(binaryCrossEntropy(logits, tf.tensor2d([[0, 1]])), [2000]);
});

test("generated answers: a decoder learns to answer two questions about one image", () => {
  const random = createRandom(1);
  const question = { kind: "bag-of-words" } as const;
  const fusion = createFusion({ kind: "concatenation", ...sizes, question, size: 8 }, random);
  const decoderConfig = { embeddingSize: 16, hiddenSize: 16, attentionSize: 8, dropout: 0 };
  const answer = new GeneratedAnswer(
    fusion.size,
    { vocabularySize: 9, memorySize: sizes.channels, ...decoderConfig },
    random,
  );
  const questions = makeQuestion([3, 2]);
  const { map, pooled } = makeImage(1);
  const image = { map: tf.tile(map, [2, 1, 1]), pooled: tf.tile(pooled, [2, 1]) };
  const special = { start: 1, end: 2, suppressed: [0, 3] };
  const answers = [[4, 5], [6]];
  const encode = () => answer.encode(fusion.fuse(questions, image).joint, image);
  const loss = () => {
    const state = answer.decoder.start(encode());
    const target = teacherForcing(answers, special);
    return meanLoss(tokenLosses(answer.decoder, target, state).losses);
  };
  const optimizer = tf.train.adam(0.02);
  for (let step = 0; step < 60; step++) {
    optimizer.minimize(loss, false, [...fusion.parameters(), ...answer.parameters()]);
  }
  const found = decodeEach(answer.decoder, encode(), special, { maxLength: 4 });
  expect(found.map(({ tokens }) => tokens)).toEqual(answers);
});
