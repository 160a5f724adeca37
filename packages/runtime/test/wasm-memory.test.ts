import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { expect, test } from "vitest";
import { loadEngine, tf } from "../src/index.ts";

const { name } = await loadEngine();

test.runIf(name === "wasm")("a tensor without memory is an error, and harms no other", () => {
  const backend = tf.backend() as BackendWasm;
  const before = tf.tensor1d([1, 2, 3]);
  // Nothing is written into them, so that they take no memory of the computer.
  const empty = (gigabytes: number) =>
    tf.engine().makeTensorFromTensorInfo(backend.makeOutput([gigabytes, 2 ** 28], "float32"));
  const large = empty(2.5);
  expect(() => empty(2.5)).toThrow(
    /^WebAssembly has no memory for a tensor of 2560 MB beside the \d+ MB .* smaller batches/,
  );
  expect(() => empty(4)).toThrow("a tensor of 4096 MB");
  large.dispose();
  const again = empty(2.5);
  expect([...tf.add(before, 1).dataSync()]).toEqual([2, 3, 4]);
  tf.dispose([before, again]);
});

test.runIf(name === "wasm")(
  "a clone shares the memory of its tensor, until both are disposed",
  () => {
    const backend = tf.backend() as BackendWasm;
    const x = tf.tensor1d([1, 2, 3]);
    const before = backend.numDataIds();
    const clone = tf.clone(x);
    expect(backend.numDataIds()).toBe(before);
    x.dispose();
    expect([...clone.dataSync()]).toEqual([1, 2, 3]);
    clone.dispose();
    expect(backend.numDataIds()).toBe(before - 1);
  },
);
