import {
  beamSearch,
  type DecoderState,
  decodeEach,
  forward,
  type SourceBatch,
  tokenLosses,
} from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak } from "@attend/test-kit";
import { expect, test } from "vitest";
import { type Model, makeSource, makeTarget, rowOf, special } from "./models.ts";

/** The mean loss per token of `target` given `source`, with teacher forcing; the caller disposes it. */
export function lossOf<Encoding extends tf.TensorContainer, State extends DecoderState>(
  model: Model<Encoding, State>,
  source: SourceBatch,
  target: tf.Tensor2D,
): tf.Scalar {
  return tf.tidy(() => {
    const [rows, steps] = target.shape;
    const inputs = tf.slice(target, [0, 0], [rows, steps - 1]);
    const targets: tf.Tensor1D = tf.reshape(tf.slice(target, [0, 1], [rows, steps - 1]), [-1]);
    const state = model.start(model.encode(source));
    return tf.mean<tf.Scalar>(tokenLosses(model, { inputs, targets }, state).losses);
  });
}

/**
 * Declares the tests that every encoder-decoder passes, on the kit's vocabularies.
 *
 * @param make a model without dropout whose predictions differ (see `drawWeights`)
 * @param makeSmall one with few weights and smooth activations, for numeric gradients
 * @param makeDropout one with dropout
 */
export function encoderDecoderContract<
  Encoding extends tf.TensorContainer,
  State extends DecoderState,
>({
  make,
  makeSmall,
  makeDropout,
}: Record<"make" | "makeSmall" | "makeDropout", () => Model<Encoding, State>>): void {
  test("single steps equal one pass over the target, also with reordered rows", () => {
    const [model, source, tokens] = [make(), makeSource([5, 3]), makeTarget()];
    const expected = forward(model, tokens, model.start(model.encode(source)));
    const order = tf.tensor1d([1, 0], "int32");
    let state = model.start(model.encode(source));
    for (let step = 0; step < tokens.shape[1]; step++) {
      const column: tf.Tensor1D = tf.reshape(tf.slice(tokens, [0, step], [-1, 1]), [-1]);
      const swapped = step % 2 === 1;
      if (step > 0) state = model.reorder(state, order);
      const stepped = model.step(swapped ? tf.gather(column, order) : column, state);
      state = stepped.state;
      const back = (rows: tf.Tensor) => (swapped ? tf.gather(rows, order) : rows);
      const at = (all: tf.Tensor) => tf.squeeze(tf.slice(all, [0, step, 0], [-1, 1, -1]), [1]);
      expectClose(back(stepped.logits), at(expected.logits), 1e-3);
      expectClose(back(stepped.attention ?? order), at(expected.attention ?? order), 1e-4);
    }
    model.dispose();
  });

  test("padding and later tokens are ignored", () => {
    const [model, tokens] = [make(), makeTarget()];
    const logitsOf = (padding: number, target: tf.Tensor2D) =>
      forward(model, target, model.start(model.encode(makeSource([5, 2], 1, padding)))).logits;
    expectClose(logitsOf(0, tokens), logitsOf(9, tokens), 1e-5);
    const last = tf.tensor2d([[8], [4]], undefined, "int32");
    const changed = tf.concat([tf.slice(tokens, [0, 0], [2, 4]), last], 1);
    const early = (logits: tf.Tensor) => tf.slice(logits, 0, [2, 4, model.vocabularySize]);
    expectClose(early(logitsOf(0, changed)), early(logitsOf(0, tokens)), 1e-5);
    model.dispose();
  });

  test("a batch is decoded like each sentence alone, and greedily like beam width 1", () => {
    const [model, source] = [make(), makeSource([5, 3, 1, 4])];
    const options = { beamWidth: 3, maxLength: 9, lengthPenalty: 0.7, attention: true };
    const batch = beamSearch(model, model.encode(source), special, options);
    for (const [row, found] of batch.entries()) {
      const [alone = []] = beamSearch(model, model.encode(rowOf(source, row)), special, options);
      expect(found.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
      const attention = [...(found[0]?.attention?.[0] ?? [])];
      expect(attention.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    }
    const greedy = decodeEach(model, model.encode(source), special, { maxLength: 9 });
    const one = beamSearch(model, model.encode(source), special, { beamWidth: 1, maxLength: 9 });
    expect(one.map(([best]) => best?.tokens)).toEqual(greedy.map(({ tokens }) => tokens));
    model.dispose();
  });

  test("numeric gradients", () => {
    const [model, source, target] = [makeSmall(), makeSource([3, 2]), makeTarget()];
    checkVariableGradients(() => lossOf(model, source, target), model.namedParameters());
    model.dispose();
  });

  test("dropout depends on the seed, and is only applied in training", () => {
    const model = makeDropout();
    const run = (seed?: number) => {
      const options = seed === undefined ? {} : { random: createRandom(seed) };
      const state = model.start(model.encode(makeSource([5, 3]), options), options);
      return [...forward(model, makeTarget(), state, options).logits.dataSync()];
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run()).toEqual(run());
    expect(run()).not.toEqual(run(1));
    model.dispose();
  });

  test("leaks no tensor", async () => {
    const [model, source, target] = [make(), makeSource([5, 3]), makeTarget()];
    const run = () => {
      const encoding = model.encode(source);
      beamSearch(model, encoding, special, { beamWidth: 3, maxLength: 5, attention: true });
      tf.dispose(encoding);
      const loss = () => lossOf(model, source, target);
      const { value, grads } = tf.variableGrads(loss, model.parameters());
      tf.dispose([value, grads]);
    };
    run(); // allocates the kernels' constants
    await expectNoLeak(run);
    model.dispose();
  });
}

/** Expects a new model to learn ten pairs by heart in at most 150 steps. */
export function expectLearning<Encoding extends tf.TensorContainer, State extends DecoderState>(
  make: () => Model<Encoding, State>,
): void {
  const [model, source] = [make(), makeSource([5, 3, 2, 4, 4, 3, 5, 2, 3, 4], 3)];
  const random = createRandom(4);
  const words = Array.from({ length: 10 }, () =>
    Array.from({ length: 4 }, () => 4 + random.integer(9)),
  );
  const target = tf.tensor2d(
    words.map((row) => [special.start, ...row, special.end]),
    undefined,
    "int32",
  );
  const optimizer = tf.train.adam(0.005);
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 150 && loss > 0.1; step++) {
    const value = optimizer.minimize(() => lossOf(model, source, target), true, model.parameters());
    loss = value?.dataSync()[0] ?? Number.NaN;
    value?.dispose();
  }
  const found = decodeEach(model, model.encode(source), special, { maxLength: 8 });
  expect(found.map(({ tokens }) => tokens)).toEqual(words);
  optimizer.dispose();
  model.dispose();
}
