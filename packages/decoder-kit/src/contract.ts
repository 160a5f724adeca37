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

/** Mean loss a token of saying `said` for `source`, with teacher forcing. */
export function lossOf<Encoding extends tf.TensorContainer, State extends DecoderState>(
  model: Model<Encoding, State>,
  source: SourceBatch,
  said: tf.Tensor2D,
): tf.Scalar {
  return tf.tidy(() => {
    const [rows, steps] = said.shape;
    const inputs = tf.slice(said, [0, 0], [rows, steps - 1]);
    const targets: tf.Tensor1D = tf.reshape(tf.slice(said, [0, 1], [rows, steps - 1]), [-1]);
    const state = model.start(model.encode(source));
    return tf.mean<tf.Scalar>(tokenLosses(model, { inputs, targets }, state).losses);
  });
}

/**
 * Declares the tests that every encoder-decoder passes, on the kit's vocabularies.
 *
 * @param make a model without dropout whose choices differ (see `drawWeights`)
 * @param makeSmall one of few weights and without kinks, for numeric gradients
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
  test("steps give what one pass over all of them gives, in whatever order the rows are", () => {
    const [model, source, tokens] = [make(), makeSource([5, 3]), makeTarget()];
    const whole = forward(model, tokens, model.start(model.encode(source)));
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
      expectClose(back(stepped.logits), at(whole.logits), 1e-3);
      expectClose(back(stepped.attention ?? order), at(whole.attention ?? order), 1e-4);
    }
    model.dispose();
  });

  test("what pads a sentence does not matter, nor what comes later", () => {
    const [model, tokens] = [make(), makeTarget()];
    const logitsOf = (padding: number, said: tf.Tensor2D) =>
      forward(model, said, model.start(model.encode(makeSource([5, 2], 1, padding)))).logits;
    expectClose(logitsOf(0, tokens), logitsOf(9, tokens), 1e-5);
    const last = tf.tensor2d([[8], [4]], undefined, "int32");
    const other = tf.concat([tf.slice(tokens, [0, 0], [2, 4]), last], 1);
    const early = (logits: tf.Tensor) => tf.slice(logits, 0, [2, 4, model.vocabularySize]);
    expectClose(early(logitsOf(0, other)), early(logitsOf(0, tokens)), 1e-5);
    model.dispose();
  });

  test("a batch is decoded as each sentence alone, greedily as with beam 1", () => {
    const [model, source] = [make(), makeSource([5, 3, 1, 4])];
    const options = { beamWidth: 3, maxLength: 9, lengthPenalty: 0.7, attention: true };
    const batch = beamSearch(model, model.encode(source), special, options);
    for (const [row, found] of batch.entries()) {
      const [alone = []] = beamSearch(model, model.encode(rowOf(source, row)), special, options);
      expect(found.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
      const looked = [...(found[0]?.attention?.[0] ?? [])];
      expect(looked.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    }
    const greedy = decodeEach(model, model.encode(source), special, { maxLength: 9 });
    const one = beamSearch(model, model.encode(source), special, { beamWidth: 1, maxLength: 9 });
    expect(one.map(([best]) => best?.tokens)).toEqual(greedy.map(({ tokens }) => tokens));
    model.dispose();
  });

  test("numeric gradients", () => {
    const [model, source, said] = [makeSmall(), makeSource([3, 2]), makeTarget()];
    checkVariableGradients(() => lossOf(model, source, said), model.namedParameters(), {
      tolerance: 8e-3,
    });
    model.dispose();
  });

  test("dropout is decided by the seed, and only on in training", () => {
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

  test("leaves no tensor behind", async () => {
    const [model, source, said] = [make(), makeSource([5, 3]), makeTarget()];
    const run = () => {
      const encoding = model.encode(source);
      beamSearch(model, encoding, special, { beamWidth: 3, maxLength: 5, attention: true });
      tf.dispose(encoding);
      const loss = () => lossOf(model, source, said);
      const { value, grads } = tf.variableGrads(loss, model.parameters());
      tf.dispose([value, grads]);
    };
    run(); // the kernels' constants
    await expectNoLeak(run);
    model.dispose();
  });
}

/** Expects a model of first weights to learn ten pairs by heart in 150 steps. */
export function expectLearning<Encoding extends tf.TensorContainer, State extends DecoderState>(
  make: () => Model<Encoding, State>,
): void {
  const [model, source] = [make(), makeSource([5, 3, 2, 4, 4, 3, 5, 2, 3, 4], 3)];
  const random = createRandom(4);
  const words = Array.from({ length: 10 }, () =>
    Array.from({ length: 4 }, () => 4 + random.integer(9)),
  );
  const said = tf.tensor2d(
    words.map((row) => [special.start, ...row, special.end]),
    undefined,
    "int32",
  );
  const optimizer = tf.train.adam(0.005);
  for (let step = 0; step < 150; step++) {
    optimizer.minimize(() => lossOf(model, source, said), false, model.parameters());
  }
  const found = decodeEach(model, model.encode(source), special, { maxLength: 8 });
  expect(found.map(({ tokens }) => tokens)).toEqual(words);
  optimizer.dispose();
  model.dispose();
}
