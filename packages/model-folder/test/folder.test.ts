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

/** A folder with every file of a model, in which no weights need to be. */
function writeModel(path: string, config: string, words = '{"words": ["a"]}'): string {
  write(join(path, "vocabulary.json"), words);
  write(join(path, "model.safetensors"));
  return dirname(write(join(path, "config.json"), config));
}

const right = '{"task": "toy-words", "size": 3}';
const remedy = "name the folder that `toy train --out` wrote";

test("a model's folder is itself, and a training's is where its model is", async () => {
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

test("no model is told, and what may have been meant", async () => {
  const file = write("mine/model/config.json");
  write("model.h5");
  write("begun/latest.safetensors");
  const cases: [string, string][] = [
    ["mine/modle", ` does not exist; did you mean ${join(folder, "mine/model")}?`],
    ["other", ` does not exist; ${remedy}`],
    [
      "mine/model/config.json",
      ` is a file, and a model is a folder; did you mean ${dirname(file)}?`,
    ],
    ["model.h5", ` is a file, and a model is a folder; ${remedy}`],
    [
      "begun",
      ` holds no model, neither config.json nor model/config.json; ${remedy}, or let that training come to its end by --resume`,
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
])("%o is no path", async (given, message) => {
  await expect(Reflect.apply(toys.load, toys, [given])).rejects.toMatchObject({
    code: "BAD_ARGUMENT",
    message: `${message}; it may be the path of a model's folder`,
  });
});

test("a file that is missing is named, with where whole models come from", async () => {
  const model = writeModel("model", right);
  for (const name of ["model.safetensors", "vocabulary.json"]) {
    rmSync(join(model, name));
    await expect(toys.load(model)).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: expect.stringMatching(/(safetensors|vocabulary\.json) does not exist; name the/),
    });
  }
});

test.each([
  [
    '{"task": "translation", "from": "en"}',
    'FOLDER is a model for the task "translation", not for "toy-words"; name another folder',
  ],
  [
    '{"size": 3}',
    'FOLDER/config.json does not name the model\'s task; where `toy` made it, add "task": "toy-words", else name another folder',
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
])("the config %s is refused in a line", async (config, message) => {
  const model = writeModel("model", config);
  for (const read of [() => toys.readConfig(model), () => toys.load(model)]) {
    await expect(read()).rejects.toMatchObject({
      code: "BAD_CONFIG",
      message: expect.stringContaining(message.replace("FOLDER", model)),
    });
  }
});

test("tokens that are none are refused by who declares them", async () => {
  const model = writeModel("model", right, '{"words": 3}');
  await expect(toys.load(model)).rejects.toMatchObject({
    code: "BAD_DATA",
    message: `${join(model, "vocabulary.json")} is no list of words`,
  });
  writeModel("model", right, "{");
  await expect(toys.load(model)).rejects.toThrow("vocabulary.json is not valid JSON");
});

test("the model that comes with a program", async () => {
  await expect(toys.load()).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: "no model comes with `toy`; train one by `toy train` and name its folder",
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
      "the default model is not installed (Cannot find package '@attend/toy'); install it, or name another model's folder",
  });
  rmSync(join(folder, "shipped/config.json"));
  await expect(shipped.load()).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message: `${join(folder, "shipped/config.json")} does not exist; the default model is not installed whole: install @attend/toy again, or name another model's folder`,
  });
});
