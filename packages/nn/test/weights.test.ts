import { join } from "node:path";
import { createRandom, tf } from "@attend/runtime";
import { expectClose, expectNoLeak, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import {
  assignWeights,
  decodeFloat16,
  Linear,
  loadWeights,
  Module,
  parameter,
  readWeights,
  saveWeights,
  writeSafetensors,
} from "../src/index.ts";

class Model extends Module {
  readonly encoder: Linear;
  readonly decoder: Linear;

  constructor(seed: number, hiddenSize = 4) {
    super();
    const random = createRandom(seed);
    this.encoder = new Linear(3, hiddenSize, random);
    this.decoder = new Linear(hiddenSize, 2, random);
  }
}

useEngine();

test("weights survive saving and loading, in float16 approximately", async () => {
  const folder = temporaryDirectory();
  await expectNoLeak(async () => {
    const [saved, loaded] = [new Model(1), new Model(2)];
    for (const [precision, tolerance] of [
      ["float32", 0],
      ["float16", 1e-3],
    ] as const) {
      const path = join(folder, precision);
      await saveWeights(saved, path, { precision });
      await loadWeights(loaded, path);
      for (const [i, parameter] of loaded.parameters().entries()) {
        expectClose(parameter, saved.parameters()[i]!, tolerance);
      }
    }
    saved.dispose();
    loaded.dispose();
  });
});

test("every float16 number of a file is loaded as decodeFloat16 decodes it, and an empty tensor too", async () => {
  class Numbers extends Module {
    readonly all = parameter(tf.zeros([256, 256]));
    readonly none = parameter(tf.zeros([0, 2]));
    readonly one = parameter(tf.zeros([]));
  }
  const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const data = decodeFloat16(patterns);
  const path = join(temporaryDirectory(), "numbers.safetensors");
  const tensors = new Map([
    ["one", { shape: [], data: Float32Array.of(-0.5) }],
    ["all", { shape: [256, 256], data }],
    ["none", { shape: [0, 2], data: new Float32Array(0) }],
  ]);
  await writeSafetensors(path, tensors, { precision: "float16" });
  await expectNoLeak(async () => {
    const numbers = new Numbers();
    await loadWeights(numbers, path);
    expect(numbers.all.dataSync()).toEqual(data);
    expect([...numbers.one.dataSync()]).toEqual([-0.5]);
    expect(numbers.none.shape).toEqual([0, 2]);
    numbers.dispose();
  });
});

test("counts and names mismatches, and assigns nothing", () => {
  const path = join(temporaryDirectory(), "weights.safetensors");
  const [other, model] = [new Model(1, 5), new Model(2)];
  const weights = readWeights(other);
  const bias = weights.get("decoder.bias")!;
  weights.delete("decoder.bias");
  weights.set("decoder.offset", bias);
  const before = readWeights(model);
  expect(() => assignWeights(model, weights, path)).toThrow(
    expect.objectContaining({
      code: "BAD_WEIGHTS",
      message: `${path}: the weights do not match the model (its config or vocabulary differs): 1 missing (decoder.bias); 3 of a different shape (encoder.kernel [3,5] for [3,4], encoder.bias [5] for [4], decoder.kernel [5,2] for [4,2]); 1 not part of the model (decoder.offset)`,
    }),
  );
  expect(readWeights(model)).toEqual(before);
  other.dispose();
  model.dispose();
});

test("names only the first of many mismatches", () => {
  const model = new Model(1);
  const foreign = Array.from(
    { length: 300 },
    (_, i) => [`layer.${i}`, { shape: [], data: Float32Array.of(0) }] as const,
  );
  const load = () => assignWeights(model, new Map(foreign), "other");
  expect(load).toThrow(
    "4 missing (encoder.kernel, encoder.bias, decoder.kernel and 1 more); 300 not part of the model (layer.0, layer.1, layer.2 and 297 more)",
  );
  model.dispose();
});

test("rejects a tensor of an unsupported type before assigning anything", () => {
  const [other, model] = [new Model(1), new Model(2)];
  const weights = readWeights(other);
  const before = readWeights(model);
  weights.set("decoder.bias", {
    shape: [2],
    get data(): never {
      throw new Error("decoder.bias is I64");
    },
  });
  expect(() => assignWeights(model, weights, "w.safetensors")).toThrow("decoder.bias is I64");
  expect(readWeights(model)).toEqual(before);
  other.dispose();
  model.dispose();
});

test("read weights are a copy", () => {
  const model = new Model(1);
  const read = readWeights(model).get("decoder.bias")!;
  model.decoder.bias!.assign(tf.tidy(() => tf.ones<tf.Rank.R1>([2])));
  expect([...read.data]).toEqual([0, 0]);
  model.dispose();
});
