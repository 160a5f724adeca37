import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { beforeEach, expect, test } from "vitest";
import { findFolder } from "../src/folder.ts";
import { defineToys } from "./support/toy.ts";

const toys = defineToys();
let folder: string;
beforeEach(() => {
  folder = temporaryDirectory();
});

function write(path: string, content = ""): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A folder with all files of a model, though without weights in them. */
function writeModel(path: string, config: string, words = '{"words": ["a"]}'): string {
  write(join(path, "vocabulary.json"), words);
  write(join(path, "model.safetensors"));
  return dirname(write(join(path, "config.json"), config));
}

const right = '{"task": "toy-words", "size": 3}';
const remedy = "give a folder written by `toy train --out`";

test("finds the model in its own folder or in that of its training", async () => {
  const mine = writeModel("mine/model", right);
  expect(await findFolder(mine, "toy")).toBe(mine);
  expect(await findFolder(dirname(mine), "toy")).toBe(mine);
  write("mine/config.json");
  expect(await findFolder(dirname(mine), "toy")).toBe(dirname(mine));
  rmSync(join(folder, "mine/config.json"));
  expect(await toys.readConfig(join(folder, "mine"))).toEqual({ size: 3, dropout: 0 });
  expect(await toys.read(join(folder, "mine"))).toEqual({
    config: { size: 3, dropout: 0 },
    tokens: ["a"],
    weights: join(mine, "model.safetensors"),
  });
});

test("reports a missing model, and suggests a folder", async () => {
  const file = write("mine/model/config.json");
  write("model.h5");
  write("begun/latest.safetensors");
  const cases: [string, string][] = [
    ["mine/modle", ` does not exist; did you mean ${join(folder, "mine/model")}?`],
    ["other", ` does not exist; ${remedy}`],
    [
      "mine/model/config.json",
      ` is a file, but a model is a folder; did you mean ${dirname(file)}?`,
    ],
    ["model.h5", ` is a file, but a model is a folder; ${remedy}`],
    [
      "begun",
      ` contains no model, neither config.json nor model/config.json; ${remedy}, or finish that training with --resume`,
    ],
  ];
  for (const [given, message] of cases) {
    await expect(toys.readConfig(join(folder, given))).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: join(folder, given) + message,
    });
  }
});

test.each([
  ["", 'model is a string ("")'],
  [5, "model is a number (5)"],
  [null, "model is null"],
  [Promise.resolve("a"), "model is a Promise (await it)"],
])("%o is not a path", async (given, message) => {
  await expect(Reflect.apply(toys.load, toys, [given])).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
    message: `${message}; give the path of a model's folder`,
  });
});

test("names a missing file, and where complete models come from", async () => {
  const model = writeModel("model", right);
  for (const name of ["model.safetensors", "vocabulary.json"]) {
    rmSync(join(model, name));
    await expect(toys.load(model)).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: expect.stringMatching(/(safetensors|vocabulary\.json) does not exist; give a/),
    });
  }
});

test.each([
  [
    '{"task": "translation", "from": "en"}',
    'FOLDER is a model for the task "translation", not "toy-words"; give another folder',
  ],
  [
    '{"size": 3}',
    'FOLDER/config.json does not name the model\'s task; if `toy` wrote it, add "task": "toy-words", else give another folder',
  ],
  ['{"task": 3, "size": 3}', "FOLDER/config.json: task: expected string, received number; "],
  ["[]", "FOLDER/config.json: expected object, received array; correct it"],
  ["null", "FOLDER/config.json: expected object, received null; correct it"],
  ["{", "FOLDER/config.json is not valid JSON"],
  ['{"task": "toy-words"}', "FOLDER/config.json: size: expected number, but it is missing; "],
  [
    '{"task": "toy-words", "size": 0, "sise": 3}',
    "FOLDER/config.json: size: too small: expected number to be >0; sise: unknown key; correct",
  ],
])("rejects the config %s in one line", async (config, message) => {
  const model = writeModel("model", config);
  for (const read of [() => toys.readConfig(model), () => toys.load(model)]) {
    await expect(read()).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining(message.replace("FOLDER", model)),
    });
  }
});

test("the declaration rejects an invalid vocabulary", async () => {
  const model = writeModel("model", right, '{"words": 3}');
  await expect(toys.load(model)).rejects.toMatchObject({
    code: "BAD_DATA",
    message: `${join(model, "vocabulary.json")} is not a list of words`,
  });
  writeModel("model", right, "{");
  await expect(toys.load(model)).rejects.toThrow("vocabulary.json is not valid JSON");
});

test("finds the model that is shipped with a program", async () => {
  await expect(toys.load()).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: "no model is shipped with `toy`; train one with `toy train` and give its folder",
  });
  const shipped = defineToys(({ size } = {}) => {
    if (size === 9) throw new Error("Cannot find package '@attend/toy'");
    return `file://${join(folder, "shipped/package.json")}`;
  });
  writeModel("shipped", right);
  write("shipped/package.json", '{"name": "@attend/toy"}');
  expect(shipped.shippedFolder()).toBe(join(folder, "shipped"));
  expect(await shipped.readConfig()).toEqual({ size: 3, dropout: 0 });
  await expect(shipped.readConfig(undefined, { size: 9 })).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message:
      "the default model is not installed (Cannot find package '@attend/toy'); install it, or give another model's folder",
  });
  rmSync(join(folder, "shipped/config.json"));
  await expect(shipped.load()).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: `${join(folder, "shipped/config.json")} does not exist; the default model is not completely installed: reinstall @attend/toy, or give another model's folder`,
  });
});
