import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { toInput } from "../src/index.ts";

useEngine();

test("converts RGB and gray in row-major order, (x - 127) / 128", () => {
  const color = Uint8Array.of(0, 127, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const batch = toInput([color, color.toReversed()], 2);
  expect(batch.shape).toEqual([2, 2, 2, 3]);
  const values = [...color, ...color.toReversed()].map((x) => (x - 127) / 128);
  expectClose(tf.reshape(batch, [-1]), values);
  const gray = toInput([Uint8Array.of(0, 50, 100, 255)], 2);
  expect(gray.shape).toEqual([1, 2, 2, 1]);
  batch.dispose();
  gray.dispose();
});

test("rejects an empty list, and pictures of another size", async () => {
  await expectNoLeak(() => {
    expect(() => toInput([], 2)).toThrow(/0 pictures.*expected at least one, of 2 x 2/);
    expect(() => toInput([new Uint8Array(27)], 2)).toThrow(/27 bytes/);
    expect(() => toInput([new Uint8Array(12), new Uint8Array(27)], 2)).toThrow(/picture 1 has 27/);
  });
});
