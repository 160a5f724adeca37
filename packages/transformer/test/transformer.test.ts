import { beamSearch, decodeEach } from "@attend/decoding";
import { crossEntropy } from "@attend/nn";
import { createRandom, tf } from "@attend/runtime";
import { checkVariableGradients, expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createTransformer, type Transformer, transformerPresets } from "../src/index.ts";
import { makeModel, makeSource, rowOf, sizes, special, variants } from "./support/models.ts";

useEngine();

const target = () =>
  tf.tensor2d(
    [
      [1, 5, 10, 7],
      [1, 4, 6, 12],
    ],
    undefined,
    "int32",
  );

/** Mean loss a token of saying `said` for `source`, with teacher forcing. */
function lossOf(model: Transformer, source: ReturnType<typeof makeSource>, said: tf.Tensor2D) {
  return tf.tidy(() => {
    const [rows, steps] = said.shape;
    const inputs = tf.slice(said, [0, 0], [rows, steps - 1]);
    const state = model.start(model.encode(source));
    const { logits } = model.forward(inputs, state);
    const targets: tf.Tensor1D = tf.reshape(tf.slice(said, [0, 1], [rows, steps - 1]), [-1]);
    const flat: tf.Tensor2D = tf.reshape(logits, [rows * (steps - 1), model.vocabularySize]);
    return tf.mean<tf.Scalar>(crossEntropy(flat, targets));
  });
}

describe.each(variants)("$norm, $positions, tied: $tied", (variant) => {
  test("steps give what one pass over all of them gives, also for rows that share sources", () => {
    const [model, source, tokens] = [makeModel(variant), makeSource([5, 3]), target()];
    const whole = model.forward(tokens, model.start(model.encode(source)));
    let state = model.start(model.encode(source));
    for (let step = 0; step < 4; step++) {
      const column: tf.Tensor1D = tf.reshape(tf.slice(tokens, [0, step], [-1, 1]), [-1]);
      // Rows change their order, twice: the second row stands first while the first column is odd.
      const swapped = step % 2 === 1;
      const order = tf.tensor1d([1, 0], "int32");
      if (step > 0) state = model.reorder(state, order);
      const given = swapped ? tf.gather(column, order) : column;
      const stepped = model.step(given, state);
      state = stepped.state;
      const back = (rows: tf.Tensor) => (swapped ? tf.gather(rows, order) : rows);
      const at = (all: tf.Tensor) => tf.squeeze(tf.slice(all, [0, step, 0], [-1, 1, -1]), [1]);
      expectClose(back(stepped.logits), at(whole.logits), 1e-3);
      expectClose(
        back(stepped.attention ?? tf.scalar(0)),
        at(whole.attention ?? tf.zeros([1, 4, 1])),
        1e-4,
      );
    }
    model.dispose();
  });

  test("what pads a sentence does not matter, nor what comes later", () => {
    const [model, tokens] = [makeModel(variant), target()];
    const forward = (padding: number, said: tf.Tensor2D) =>
      model.forward(said, model.start(model.encode(makeSource([5, 3], 1, padding)))).logits;
    expectClose(forward(0, tokens), forward(9, tokens), 1e-5);
    const other = tf.concat(
      [tf.slice(tokens, [0, 0], [2, 3]), tf.tensor2d([[8], [8]], undefined, "int32")],
      1,
    );
    const early = (logits: tf.Tensor) => tf.slice(logits, 0, [2, 3, 13]);
    expectClose(early(forward(0, other)), early(forward(0, tokens)), 1e-5);
    model.dispose();
  });

  test("a batch is decoded as each sentence alone", () => {
    const [model, source] = [makeModel(variant), makeSource([5, 3, 1, 4])];
    const options = { beamWidth: 3, maxLength: 9, lengthPenalty: 0.7, attention: true };
    const batch = beamSearch(model, model.encode(source), special, options);
    batch.forEach((found, row) => {
      const [alone = []] = beamSearch(model, model.encode(rowOf(source, row)), special, options);
      expect(found.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
      const [best] = found;
      const looked = [...(best?.attention?.[0] ?? [])];
      expect(looked.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    });
    const greedy = decodeEach(model, model.encode(source), special, { maxLength: 9 });
    const one = beamSearch(model, model.encode(source), special, { beamWidth: 1, maxLength: 9 });
    expect(one.map(([best]) => best?.tokens)).toEqual(greedy.map(({ tokens }) => tokens));
    model.dispose();
  });

  test("numeric gradients", () => {
    // Not relu: it has no gradient where a difference steps over 0.
    const small = { size: 4, feedForwardSize: 3, encoderLayers: 1, decoderLayers: 1 };
    const model = makeModel({ ...variant, ...small, activation: "gelu" });
    const [source, said] = [makeSource([3, 2]), target()];
    checkVariableGradients(() => lossOf(model, source, said), model.namedParameters(), {
      tolerance: 4e-3,
    });
    model.dispose();
  });
});

test("a new model knows little: its loss is about ln V", () => {
  const model = createTransformer({ ...sizes, size: 32, feedForwardSize: 32 }, createRandom(1));
  const loss = lossOf(model, makeSource([5, 3]), target()).dataSync()[0];
  expect(loss).toBeGreaterThan(Math.log(13) - 0.2);
  expect(loss).toBeLessThan(Math.log(13) + 1.5);
});

test("learns ten pairs by heart", () => {
  const model = createTransformer({ ...sizes, size: 32, heads: 4 }, createRandom(2));
  const source = makeSource([5, 3, 2, 4, 4, 3, 5, 2, 3, 4], 3);
  const random = createRandom(4);
  const words = Array.from({ length: 10 }, () =>
    Array.from({ length: 4 }, () => 4 + random.integer(9)),
  );
  const said = tf.tensor2d(
    words.map((row) => [1, ...row, 2]),
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
});

test("dropout is decided by the seed, and only on in training", () => {
  const model = makeModel({ dropout: 0.3, attentionDropout: 0.3, activationDropout: 0.3 });
  const run = (seed?: number) => {
    const options = seed === undefined ? {} : { random: createRandom(seed) };
    const state = model.start(model.encode(makeSource([5, 3]), options));
    return [...model.forward(target(), state, options).logits.dataSync()];
  };
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
  expect(run()).toEqual(run());
  expect(run()).not.toEqual(run(1));
  model.dispose();
});

test("leaves no tensor behind", async () => {
  const [model, source, said] = [makeModel(), makeSource([5, 3]), target()];
  const run = () => {
    const options = { beamWidth: 3, maxLength: 5, attention: true };
    const encoding = model.encode(source);
    beamSearch(model, encoding, special, options);
    tf.dispose(encoding);
    tf.dispose(tf.variableGrads(() => lossOf(model, source, said), model.parameters()));
  };
  run(); // the kernels' constants
  await expectNoLeak(run);
});

test("presets", () => {
  const count = (preset: keyof typeof transformerPresets) => {
    const vocabulary = { sourceVocabularySize: 10_000, targetVocabularySize: 10_000 };
    const model = createTransformer({ ...vocabulary, ...transformerPresets[preset] });
    const parameters = model.parameterCount();
    model.dispose();
    return parameters;
  };
  // Tables 10,000 x 128; layers 4 x 4 x 128^2 + 2 x 128 x 256, and twice the attention in a decoder's.
  expect(count("tiny")).toBeGreaterThan(2.6e6);
  expect(count("tiny")).toBeLessThan(2.7e6);
  expect(count("small")).toBeGreaterThan(count("tiny"));
  expect(count("base")).toBeGreaterThan(count("small"));
});

test.each([
  [{ heads: 3 }, "the heads do not divide the size"],
  [{ targetVocabularySize: 12 }, "one table for all takes a vocabulary of both languages"],
  [{ positions: "rotary", heads: 8 }, "rotary positions turn pairs"],
  [{ norm: "none" }, "norm"],
  [{ layers: 2 }, "layers"],
])("the config %j is refused", (config, message) => {
  expect(() => createTransformer({ ...sizes, ...config })).toThrow(message);
});

test("learned positions end somewhere", () => {
  const model = makeModel({ positions: "learned", maxPositions: 4 });
  expect(() => model.encode(makeSource([5]))).toThrow("has learnt 4 positions, but 5 tokens");
  model.dispose();
});
