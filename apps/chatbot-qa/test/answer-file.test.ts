import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Chatbot } from "../src/chatbot.ts";
import { answerFile } from "../src/commands/answer-file.ts";
import type { Kind } from "../src/responder.ts";
import { Shouter } from "./fixture.ts";

let [out, err] = ["", ""];
beforeEach(() => {
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function answer(
  content: string | Uint8Array,
  { json = true, kind }: { json?: boolean; kind?: Kind } = {},
) {
  const file = join(temporaryDirectory(), "questions.txt");
  await writeFile(file, content);
  await answerFile(new Chatbot(new Shouter(kind)), file, { json });
  return out.trimEnd().split("\n");
}

test("each line gives a row, in order, whatever it has", async () => {
  const lines = ["one", "", "x".repeat(10_000), "t\u001b[1mwo\u0000", "\u0007", "three"];
  const rows = (await answer(`${lines.join("\n")}\n`)).map((line) => JSON.parse(line));
  expect(rows).toMatchObject([
    { question: "one", answer: "ONE", confidence: 0.75, confident: true },
    { question: "", error: "line 2: the question is empty; ask something in words" },
    { error: expect.stringMatching(/^line 3: the question has 10,000 characters/) },
    { question: "two", answer: "TWO" },
    { error: expect.stringMatching(/^line 5: the question is empty/) },
    { question: "three", answer: "THREE" },
  ]);
  expect(process.exitCode).toBe(1);
  expect(err.trimEnd().split("\n")).toEqual([
    "error: line 2: the question is empty; ask something in words",
    expect.stringContaining("error: line 3: the question has 10,000 characters"),
    "warning: line 4 has control characters, which are left out",
    "error: line 5: the question is empty; ask something in words",
    "3 of 6 lines could not be answered",
  ]);
});

test("each line is a question of its own", async () => {
  const shouter = new Shouter();
  const file = join(temporaryDirectory(), "questions.txt");
  await writeFile(file, "one\ntwo\n");
  await answerFile(new Chatbot(shouter), file, { json: true });
  expect(shouter.turns).toEqual([]);
  expect(process.exitCode).toBeUndefined();
});

test("a line that is not UTF-8 is reported, the rest answered", async () => {
  const latin = Buffer.from([0x66, 0xfc, 0x72]);
  const rows = await answer(Buffer.concat([Buffer.from("one\n"), latin, Buffer.from("\ntwo")]));
  expect(rows.map((row) => Object.keys(JSON.parse(row)).length > 2)).toEqual([true, false, true]);
  expect(err).toContain("error: line 2 is not UTF-8; save the file as plain text (UTF-8)");
});

test("rows of intents", async () => {
  expect((await answer("one\n?\n", { kind: "intents" })).map((row) => JSON.parse(row))).toEqual([
    { text: "one", intent: "ONE", confidence: 0.75, confident: true },
    { text: "?", error: expect.any(String) },
  ]);
});

test("lines of text", async () => {
  expect(await answer("one\nmaybe  two\n", { json: false })).toEqual([
    "one\tONE",
    "maybe two\tnot sure: MAYBE TWO",
  ]);
});
