import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatSafetensors, readSafetensors, readWeights } from "@attend/nn";
import { createRandom } from "@attend/runtime";
import { expectNoLeak, runProgramUntil, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { findModel } from "../src/index.ts";
import { defineToys } from "./support/toy.ts";

useEngine();
const toys = defineToys();
const words = ["a", "b", "c"];

/** A folder with a model whose weights are seeded by `seed`. */
async function saved({ seed = 1, size = 2, dropout = 0, tokens = words } = {}): Promise<string> {
  const folder = join(temporaryDirectory(), "model");
  const model = toys.create({ size, dropout }, tokens, createRandom(seed));
  await toys.save(model, folder);
  model.network.dispose();
  return folder;
}

async function kernelOf(folder: string): Promise<number[]> {
  const model = await toys.load(folder);
  const kernel = [...model.network.output.kernel.dataSync()];
  model.network.dispose();
  return kernel;
}

test("a model survives saving and loading, in either precision", async () => {
  const folder = temporaryDirectory();
  const model = toys.create({ size: 2, dropout: 0.5 }, words, createRandom(1));
  await expectNoLeak(async () => {
    for (const [precision, digits] of [
      ["float32", 8],
      ["float16", 3],
    ] as const) {
      await toys.save(model, folder, { precision });
      const loaded = await toys.load(folder, {});
      expect(loaded).toMatchObject({ config: { size: 2, dropout: 0.5 }, tokens: words });
      const [before, after] = [readWeights(model.network), readWeights(loaded.network)];
      for (const [name, { data }] of before) {
        for (const [i, value] of data.entries()) {
          expect(after.get(name)?.data[i]).toBeCloseTo(value, digits);
        }
      }
      loaded.network.dispose();
    }
  });
  model.network.dispose();
  expect(readFileSync(join(folder, "config.json"), "utf8")).toBe(
    '{\n "task": "toy-words",\n "size": 2,\n "dropout": 0.5\n}\n',
  );
  expect(JSON.parse(readFileSync(join(folder, "vocabulary.json"), "utf8"))).toEqual({ words });
  expect(readdirSync(folder)).toHaveLength(3);
});

test("float16 is the default, and other files in the folder stay", async () => {
  const folder = await saved();
  writeFileSync(join(folder, "README.md"), "mine");
  const model = await toys.load(folder);
  await toys.save(model, folder);
  const half = statSync(join(folder, "model.safetensors")).size;
  await toys.save(model, folder, { precision: "float32" });
  expect(statSync(join(folder, "model.safetensors")).size).toBe(half + 2 * 9);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("mine");
  model.network.dispose();
});

test("rejects weights that do not match, and leaks no tensor", async () => {
  const folder = await saved();
  const file = join(folder, "model.safetensors");
  const { tensors } = await readSafetensors(file);
  const one = { shape: [1], data: Float32Array.of(1) };
  const cases: [Uint8Array | string, string][] = [
    [formatSafetensors(new Map([...tensors].slice(1))), "1 missing (output.kernel)"],
    [formatSafetensors(new Map([...tensors, ["more", one]])), "1 not part of the model (more)"],
    [
      formatSafetensors(new Map([...tensors, ["output.bias", one]])),
      "1 of a different shape (output.bias [1] for [3])",
    ],
    ["no weights", "not a complete safetensors file"],
  ];
  await expectNoLeak(async () => {
    for (const [content, message] of cases) {
      writeFileSync(file, content);
      await expect(toys.load(folder)).rejects.toMatchObject({
        code: "BAD_WEIGHTS",
        message: expect.stringMatching(/^[^\n]*$/),
      });
      await expect(toys.load(folder)).rejects.toThrow(message);
      await expect(toys.load(folder)).rejects.toThrow(file);
    }
  });
});

test("reports a folder that cannot be written", async () => {
  const file = join(await saved(), "config.json");
  const model = toys.create({ size: 2, dropout: 0 }, words);
  await expect(toys.save(model, join(file, "model"))).rejects.toMatchObject({
    code: "WRITE_FAILED",
  });
  model.network.dispose();
});

test("a failed save keeps the previous model", async () => {
  const folder = await saved({ seed: 1 });
  const before = await kernelOf(folder);
  const model = toys.create({ size: 3, dropout: 0 }, ["a"], createRandom(2));
  model.network.dispose();
  await expect(toys.save(model, folder)).rejects.toThrow("disposed");
  expect(await kernelOf(folder)).toEqual(before);
  expect(readdirSync(folder)).toHaveLength(3);
});

test.each([1, 2])("a killed save leaves a complete model (%i)", async (lines) => {
  const folder = temporaryDirectory();
  const log = join(folder, "log");
  const program = join(import.meta.dirname, "support/save-forever.ts");
  const { code } = await runProgramUntil(program, [join(folder, "model"), log], {
    log,
    lines,
    signal: "SIGKILL",
  });
  expect(code).toBeNull();
  // The size equals the number of words, so files of two models would not match.
  const { tokens, config, network } = await toys.load(join(folder, "model"));
  expect(tokens).toHaveLength(config.size);
  network.dispose();
});

test("a model of any task is found, also in the folder of its training", async () => {
  const folder = await saved();
  const found = { task: "toy-words", weights: join(folder, "model.safetensors") };
  expect(await findModel(folder, "toy")).toEqual(found);
  expect(await findModel(join(folder, ".."), "toy")).toEqual(found);
  writeFileSync(join(folder, "config.json"), "{}");
  expect((await findModel(folder, "toy")).task).toBeUndefined();
  await expect(findModel(join(folder, "absent"), "toy")).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: expect.stringContaining("`toy train --out`"),
  });
});

test("a model can start from one of the same kind", () => {
  const config = { size: 2, dropout: 0 };
  toys.requireSameKind("old", config, { ...config, dropout: 0.5 });
  expect(() => toys.requireSameKind("old", config, { ...config, size: 3 })).toThrow(
    "old does not match the config: model.size is 2 there, but 3 in the config",
  );
});

test("averages models by shares", async () => {
  const [one, two, out] = [
    await saved({ seed: 1 }),
    await saved({ seed: 2, dropout: 0.5 }),
    temporaryDirectory(),
  ];
  const [a, b] = [await kernelOf(one), await kernelOf(two)];
  await expectNoLeak(() => toys.average([one, two], out));
  const mean = await kernelOf(out);
  for (const [i, value] of mean.entries()) {
    expect(value).toBeCloseTo(((a[i] ?? 0) + (b[i] ?? 0)) / 2, 3);
  }
  await toys.average([two, one], out, [3, 1]);
  for (const [i, value] of (await kernelOf(out)).entries()) {
    expect(value).toBeCloseTo(0.25 * (a[i] ?? 0) + 0.75 * (b[i] ?? 0), 3);
  }
  expect(await toys.readConfig(out)).toEqual({ size: 2, dropout: 0.5 });
  await toys.average([one], one);
  expect(await kernelOf(one)).toEqual(a);
});

test("does not average different models", async () => {
  const [folder, out] = [await saved(), join(temporaryDirectory(), "mean")];
  const [other, larger] = [await saved({ tokens: ["a", "b", "d"] }), await saved({ size: 3 })];
  await expectNoLeak(async () => {
    await expect(toys.average([folder, other], out)).rejects.toMatchObject({
      code: "BAD_DATA",
      message: `${other} has a different vocabulary than ${folder}; average models with the same vocabulary`,
    });
    await expect(toys.average([folder, larger], out)).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: `${larger} is a different kind of model than ${folder}: size is 3, not 2; average models of the same kind`,
    });
    await expect(toys.average([folder, folder], out, [1])).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
    });
    await expect(toys.average([], out)).rejects.toThrow("no models to average");
    await expect(toys.average([folder, "absent"], out)).rejects.toThrow("absent does not exist");
  });
});
