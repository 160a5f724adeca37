import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, expect, test } from "vitest";
import { Look } from "../src/commands/look.ts";

const path = process.env["PATH"];
afterEach(() => {
  process.env["PATH"] = path;
});

/** Puts a program in place of `attend-vqa`, which calls `reply` for each line. */
function install(script: string): void {
  const folder = temporaryDirectory();
  const file = join(folder, "attend-vqa");
  writeFileSync(file, `#!${process.execPath}\n${script}`);
  chmodSync(file, 0o755);
  process.env["PATH"] = folder;
}

const answering = `
const [photo, ...flags] = process.argv.slice(2);
require("node:readline").createInterface({ input: process.stdin }).on("line", (question) => {
  if (question === "why?") return console.error("error: the question is too hard");
  const answer = [photo, question, ...flags].join(" ");
  console.log(JSON.stringify({ answer, probability: 0.5, confident: true, alternatives: [] }));
});`;

test("asks the program one question after the other", async () => {
  install(answering);
  const look = new Look("cat.jpg", "runs/vqa");
  const flags = "--json --n-best 1 --quiet --model runs/vqa";
  expect(await look.ask("red?")).toMatchObject({
    ...{ question: "red?", answer: `cat.jpg red? ${flags}`, confidence: 0.5, confident: true },
  });
  await expect(look.ask("why?")).rejects.toMatchObject({ message: "the question is too hard" });
  expect(await look.ask("blue?")).toMatchObject({ answer: `cat.jpg blue? ${flags}` });
  look.close();
});

test("a program that cannot start its work tells why", async () => {
  install('console.error("error: no model is shipped"); process.exitCode = 1;');
  const look = new Look("cat.jpg", undefined);
  await expect(look.ask("red?")).rejects.toMatchObject({ message: "no model is shipped" });
});

test("without the program there is a clear line", async () => {
  process.env["PATH"] = temporaryDirectory();
  await expect(new Look("cat.jpg", undefined).ask("red?")).rejects.toMatchObject({
    code: "FILE_NOT_FOUND",
    message:
      "photos are looked at by attend-vqa, which is not installed; build Attend and put its bin folder on the PATH",
  });
});
