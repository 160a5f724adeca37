import { tf } from "@attend/runtime";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { toInput } from "../src/index.ts";

useEngine();

test("(x - 127) / 128, row by row, RGB and grey", () => {
  const colour = Uint8Array.of(0, 127, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  const batch = toInput([colour, colour.toReversed()], 2);
  expect(batch.shape).toEqual([2, 2, 2, 3]);
  const values = [...colour, ...colour.toReversed()].map((x) => (x - 127) / 128);
  expectClose(tf.reshape(batch, [-1]), values);
  const grey = toInput([Uint8Array.of(0, 50, 100, 255)], 2);
  expect(grey.shape).toEqual([1, 2, 2, 1]);
  batch.dispose();
  grey.dispose();
});

test("refuses none, and pictures of another size", async () => {
  await expectNoLeak(() => {
    expect(() => toInput([], 2)).toThrow(/0 pictures.*expected at least one, of 2 x 2/);
    expect(() => toInput([new Uint8Array(27)], 2)).toThrow(/27 bytes/);
    expect(() => toInput([new Uint8Array(12), new Uint8Array(27)], 2)).toThrow(/picture 1 has 27/);
  });
});
