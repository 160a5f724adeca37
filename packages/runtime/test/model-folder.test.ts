import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelFolder } from "../src/model-folder.ts";

const kind = { trainedBy: "caption train", keys: ["encoder", "decoder"] };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attend-names-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const find = (given: string) => modelFolder(join(folder, given), kind);

test("a model's folder is itself, and a training's is where its model is", async () => {
  write("mine/model/config.json", '{"encoder": {}, "decoder": {}}');
  expect(await find("mine/model")).toBe(join(folder, "mine/model"));
  expect(await find("mine")).toBe(join(folder, "mine/model"));
  write("mine/config.json", '{"encoder": {}}');
  expect(await find("mine")).toBe(join(folder, "mine"));
});

test("a config that is broken is left to who reads it", async () => {
  for (const content of ["{", "[]", "{}", "null", '{"encoder": 3, "more": 4}']) {
    write("config.json", content);
    expect(await find(".")).toBe(folder);
  }
});

test("no model is told, and what may have been meant", async () => {
  const file = write("mine/model/config.json", "{}");
  const refused = (given: string, code: string, message: string) =>
    expect(find(given)).rejects.toMatchObject({ code, message: join(folder, given) + message });
  const remedy = "name the folder that `caption train --out` wrote";
  await refused(
    "mine/modle",
    "FILE_NOT_FOUND",
    ` does not exist; did you mean ${join(folder, "mine/model")}?`,
  );
  await refused("other", "FILE_NOT_FOUND", ` does not exist; ${remedy}`);
  await refused(
    "mine/model/config.json",
    "FILE_NOT_FOUND",
    ` is a file, and a model is a folder; did you mean ${dirname(file)}?`,
  );
  write("model.h5", "");
  await refused("model.h5", "FILE_NOT_FOUND", ` is a file, and a model is a folder; ${remedy}`);
  write("begun/latest.safetensors", "");
  await refused(
    "begun",
    "FILE_NOT_FOUND",
    ` holds no model, neither config.json nor model/config.json; ${remedy}, or let that training come to its end by --resume`,
  );
});

test("another program's model is told", async () => {
  const file = write("config.json", '{"from": "en", "to": "de", "network": {}}');
  await expect(find(".")).rejects.toMatchObject({
    code: "BAD_CONFIG",
    message: `${file} is of another program's model: it has from, to, network, and one of \`caption train\` has encoder, decoder; name another folder`,
  });
});
