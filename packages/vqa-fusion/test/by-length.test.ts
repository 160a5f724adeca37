import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { createFusion, type FusionConfigInput } from "../src/index.ts";
import { makeImage, makeQuestion, sizes } from "./support/batches.ts";

useEngine();

/** Enough for several groups, in no order. */
const lengths = Array.from({ length: 150 }, (_, row) => 1 + ((row * 7) % 11));

describe.each<FusionConfigInput>([
  { kind: "blind", ...sizes, question: { kind: "lstm", size: 4, layers: 2, summary: "states" } },
  { kind: "initial-state", ...sizes, question: { kind: "gru", size: 4 } },
  { kind: "co-attention", ...sizes, size: 4, attentionSize: 3 },
])("a large batch, read in groups of similar length: $kind", (config) => {
  const fusion = createFusion(config, createRandom(1));
  const question = makeQuestion(lengths);
  const image = {
    ...makeImage(2),
    of: tf.tensor1d(
      lengths.map((length) => length % 2),
      "int32",
    ),
  };
  const part = (from: number, size: number) => ({
    question: {
      tokens: tf.slice(question.tokens, from, size),
      lengths: lengths.slice(from, from + size),
    },
    image: { ...image, of: tf.slice(image.of, from, size) },
  });
  const small = [0, 30, 60, 90, 120].map((from) => part(from, 30));

  test("equals small batches, gradients included", () => {
    const { joint } = fusion.fuse(question, image);
    const parts = () => small.map((each) => fusion.fuse(each.question, each.image).joint);
    expectClose(joint, tf.concat(parts()), 1e-5);
    const parameters = [...fusion.parameters()];
    const large = tf.variableGrads(
      () => tf.sum(tf.square(fusion.fuse(question, image).joint)),
      parameters,
    );
    const summed = tf.variableGrads(() => tf.sum(tf.square(tf.concat(parts()))), parameters);
    expect(Object.keys(large.grads)).toEqual(Object.keys(summed.grads));
    for (const [name, gradient] of Object.entries(large.grads)) {
      expectClose(gradient, summed.grads[name] ?? 0, 1e-3);
    }
  });

  test("leaks no tensor", async () => {
    await expectNoLeak(() => tf.dispose(fusion.fuse(question, image)));
  });
});
