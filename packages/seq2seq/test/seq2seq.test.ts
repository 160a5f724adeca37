import { rowOf } from "@attend/decoder-kit";
import { expand, forward } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeq2seq, gnmtSmall } from "../src/index.ts";
import { makeModel, makeSource, makeTokens, sourceOf, variants } from "./support/models.ts";

useEngine();

const stepOf = (tensor: tf.Tensor3D, step: number) =>
  tf.squeeze<tf.Tensor2D>(tf.slice(tensor, [0, step, 0], [-1, 1, -1]), [1]);
const columns = () => tf.unstack(makeTokens(), 1) as tf.Tensor1D[];

describe.each(Object.entries(variants))("%s", (_name, config) => {
  test("calling step repeatedly equals forward", () => {
    const model = makeModel(config);
    const start = model.start(model.encode(makeSource()));
    const { logits, attention } = forward(model, makeTokens(), start);
    expect(logits.shape).toEqual([3, 4, 11]);
    if (model.config.attention.kind !== "none") expect(attention?.shape).toEqual([3, 4, 5]);
    let state = start;
    columns().forEach((column, t) => {
      const stepped = model.step(column, state);
      expectClose(stepped.logits, stepOf(logits, t), 2e-5);
      if (attention !== undefined) {
        expectClose(stepped.attention ?? 0, stepOf(attention, t), 2e-5);
      }
      state = stepped.state;
    });
  });

  test("padding and the other rows have no effect", () => {
    const model = makeModel(config);
    const source = makeSource();
    const noise = tf.where(tf.equal(source.tokens, 0), tf.onesLike(source.tokens), source.tokens);
    const { logits, attention } = forward(
      model,
      makeTokens(),
      model.start(model.encode({ ...source, tokens: noise })),
    );
    [5, 3, 4].forEach((length, row) => {
      const state = model.start(model.encode(rowOf(source, row)));
      const single = forward(model, tf.slice(makeTokens(), row, 1), state);
      expectClose(single.logits, tf.slice(logits, row, 1), 2e-5);
      if (attention === undefined || single.attention === undefined) return;
      expectClose(single.attention, tf.slice(attention, [row, 0, 0], [1, -1, length]), 2e-5);
      const padding = tf.slice(attention, [row, 0, length], [1, -1, -1]);
      expectClose(padding, tf.zerosLike(padding), 0);
    });
  });

  test("expanded and reordered rows continue like their original rows", () => {
    const model = makeModel(config);
    const [one, two, three] = columns() as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const { state } = model.step(one, model.start(model.encode(makeSource())));
    const pairs = tf.tensor1d([0, 0, 1, 1, 2, 2], "int32");
    const expanded = expand(model, state, 2);
    const { keys, values, mask } = state.fixed.memory ?? {};
    expect(expanded.fixed.memory ?? {}).toMatchObject({
      ...(keys && { keys }),
      ...(values && { values }),
      ...(mask && { mask }),
    });
    const step = model.step(tf.gather(two, pairs), expanded);
    const plain = model.step(two, state);
    expectClose(step.logits, tf.gather(plain.logits, pairs), 2e-5);
    const diverged = model.step(tf.tensor1d([4, 5, 6, 7, 8, 9], "int32"), expanded).state;
    const order = tf.tensor1d([1, 0, 3, 5, 5], "int32"); // one row fewer
    const last = tf.gather(three, tf.tensor1d([0, 0, 1, 2, 2], "int32"));
    expectClose(
      model.step(last, model.reorder(diverged, order)).logits,
      tf.gather(model.step(tf.gather(three, pairs), diverged).logits, order),
      2e-5,
    );
  });

  test("every parameter gets a gradient, and no tensors leak", async () => {
    const model = makeModel(config);
    const [inputs, source] = [makeTokens(), makeSource()];
    const [first] = columns() as [tf.Tensor1D];
    const loss = () => {
      const random = createRandom(1);
      const state = model.start(model.encode(source, { random }));
      return tf.mean(tf.square(forward(model, inputs, state, { random }).logits)) as tf.Scalar;
    };
    tf.dispose(tf.variableGrads(loss)); // the kernels' constants
    await expectNoLeak(() => {
      const { value, grads } = tf.variableGrads(loss);
      for (const [name, parameter] of model.namedParameters()) {
        const size = tf.tidy(() => tf.sum(tf.abs(grads[parameter.name] ?? 0)).dataSync()[0]);
        expect(size, name).toBeGreaterThan(0);
      }
      tf.dispose([value, grads]);
      const encoding = model.encode(source);
      const state = model.start(encoding);
      const stepped = model.step(first, state);
      const { logits, attention } = forward(model, inputs, state);
      tf.dispose([{ ...encoding }, { ...state }, { ...stepped.state }, stepped.logits, logits]);
      tf.dispose([stepped.attention ?? [], attention ?? []]);
    });
  });
});

test("the memory of a reversed source is in the original order", () => {
  const config = { embeddingSize: 6, hiddenSize: 6, attention: { kind: "luong" as const } };
  const plain = makeModel(config);
  const reversed = makeModel({ ...config, encoder: { reverse: true } });
  const property = (sources: number[][]) => {
    tf.tidy(() => {
      const longest = Math.max(...sources.map((source) => source.length));
      const padded = (words: number[]) => [...words, ...Array(longest - words.length).fill(0)];
      const lengths = sources.map((source) => source.length);
      const forwards = plain.encode(sourceOf(sources.map(padded), lengths));
      const flipped = sources.map((source) => padded(source.toReversed()));
      const backwards = reversed.encode(sourceOf(flipped, lengths));
      expectClose(backwards.summary, forwards.summary);
      lengths.forEach((length, row) => {
        const ofRow = (memory: tf.Tensor3D) => tf.slice(memory, [row, 0, 0], [1, length, -1]);
        expectClose(ofRow(backwards.memory), tf.reverse(ofRow(forwards.memory), 1));
      });
    });
  };
  const source = fc.array(fc.integer({ min: 4, max: 10 }), { minLength: 1, maxLength: 5 });
  const sources = fc.array(source, { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(sources, property), { numRuns: 20, seed: 1 });
});

test.each(["none", "output", "all"] as const)(
  "initial embeddings have standard deviation 1, and initial logits are small, tied embeddings %s",
  (tiedEmbeddings) => {
    const vocabularies = { sourceVocabularySize: 500, targetVocabularySize: 500 };
    const sizes = { ...vocabularies, embeddingSize: 64, hiddenSize: 64 };
    const model = createSeq2seq({ ...gnmtSmall, tiedEmbeddings, ...sizes }, createRandom(1));
    const tokens = tf.reshape<tf.Rank.R2>(tf.range(0, 500, 1, "int32"), [50, 10]);
    for (const words of [
      model.words.ofSource(tokens, undefined),
      model.words.ofTarget(tokens, undefined),
    ]) {
      expectClose(tf.sqrt(tf.moments(words).variance), 1, 0.02);
    }
    const source = { tokens, lengths: new Array<number>(50).fill(10) };
    const { logits } = forward(model, tokens, model.start(model.encode(source)));
    expect(tf.max(tf.abs(logits)).dataSync()[0]).toBeLessThan(2);
  },
);
