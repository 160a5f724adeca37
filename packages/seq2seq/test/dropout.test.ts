import { forward } from "@attend/decoding";
import { createRandom } from "@attend/runtime";
import { expectClose, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { makeModel, makeSource, makeTokens, variants } from "./support/models.ts";

useEngine();

test.each(["luong", "gnmt-small", "bahdanau", "monotonic"])(
  "%s: dropout changes a training pass, reproducibly",
  (name) => {
    const model = makeModel({ ...(variants[name] ?? {}), dropout: 0.4, embeddingDropout: 0.2 });
    const pass = (seed?: number) => {
      const options = seed === undefined ? {} : { random: createRandom(seed) };
      const state = model.start(model.encode(makeSource(), options));
      return forward(model, makeTokens(), state, options).logits;
    };
    expectClose(pass(1), pass(1), 0);
    expectClose(pass(), pass(), 0);
    expect(() => expectClose(pass(1), pass(2))).toThrow("not close");
    expect(() => expectClose(pass(1), pass())).toThrow("not close");
  },
);

test("embedding dropout drops words on both sides", () => {
  const model = makeModel({ ...(variants["luong"] ?? {}), dropout: 0, embeddingDropout: 0.5 });
  const encode = (seed?: number) =>
    model.encode(makeSource(), seed === undefined ? {} : { random: createRandom(seed) });
  expect(() => expectClose(encode(1).memory, encode().memory)).toThrow("not close");
  const words = model.words.ofTarget(makeTokens(), createRandom(1)).arraySync().flat();
  const zero = words.filter((word) => word.every((value) => value === 0)).length;
  expect(zero).toBeGreaterThan(0);
  expect(zero).toBeLessThan(words.length);
  expect(words.filter((word) => word.some((value) => value === 0)).length).toBe(zero);
});
