import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { Chatbot } from "../src/chatbot.ts";
import { Conversation } from "../src/commands/conversation.ts";
import type { Reply } from "../src/responder.ts";
import { Shouter } from "./fixture.ts";

/** Guesses, and does not say so. */
class Unsure extends Shouter {
  override async *respond(question: string): AsyncGenerator<string, Reply, void> {
    for (const piece of ["I do ", "not know"]) yield piece;
    const unsure = { confidence: 0.1, confident: false, source: null, why: "" };
    return { question, answer: "A GUESS", ...unsure };
  }
}

let spies: {
  out: MockInstance<typeof process.stdout.write>;
  err: MockInstance<typeof process.stderr.write>;
};
beforeEach(() => {
  const quiet = () => true;
  spies = {
    out: vi.spyOn(process.stdout, "write").mockImplementation(quiet),
    err: vi.spyOn(process.stderr, "write").mockImplementation(quiet),
  };
});
afterEach(() => vi.restoreAllMocks());

const written = (spy: MockInstance) => spy.mock.calls.map(([text]) => String(text)).join("");

function start({ json = false } = {}) {
  const shouter = new Shouter();
  return { shouter, conversation: new Conversation(new Chatbot(shouter), { json }) };
}

test("replies to each line, and explains and forgets", async () => {
  const { shouter, conversation } = start();
  for (const line of ["one two three", "", "  ", "/why", "/reset", "four"]) {
    await conversation.reply(line);
  }
  expect(written(spies.out)).toBe('ONE TWO THREE\nbecause of "one two three"\nFOUR\n');
  expect(written(spies.err)).toBe("");
  expect(shouter.turns).toEqual([]);
});

test("/save writes the conversation", async () => {
  const { conversation } = start();
  const file = join(temporaryDirectory(), "two words.txt");
  for (const line of ["one", "two", `/save ${file}`]) await conversation.reply(line);
  expect(await readFile(file, "utf8")).toBe("? one\nONE\n\n? two\nTWO\n");
  expect(written(spies.err)).toBe(`${file}: 2 turns\n`);
});

test("/save writes what was said, rather than an answer that nobody is sure of", async () => {
  const conversation = new Conversation(new Chatbot(new Unsure()), { json: false });
  const file = join(temporaryDirectory(), "chat.txt");
  for (const line of ["one", "/reset", "two", `/save ${file}`]) await conversation.reply(line);
  expect(await readFile(file, "utf8")).toBe("? two\nI do not know\n");
});

test("/help lists the commands", async () => {
  await start().conversation.reply("/help");
  for (const name of ["/why", "/reset", "/save <file>", "/look <photo>", "/help", "/quit"]) {
    expect(written(spies.out)).toContain(name);
  }
});

test.each(["/save", "/why not", "/whi", "/"])("%s is no command", async (line) => {
  await expect(start().conversation.reply(line)).rejects.toMatchObject({
    message: `${line} is no command; use /why, /reset, /save <file>, /look <photo>, /help or /quit`,
  });
});

test("only an answer can be explained", async () => {
  const { conversation } = start();
  const unasked = { message: "there is no answer to explain; ask a question first" };
  await expect(conversation.reply("/why")).rejects.toMatchObject(unasked);
  await conversation.reply("one");
  await expect(conversation.reply("?!")).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(conversation.reply("/why")).rejects.toMatchObject(unasked);
});

test("control characters are left out, with a warning", async () => {
  await start().conversation.reply("one \u001b[31mtwo");
  expect(written(spies.out)).toBe("ONE TWO\n");
  expect(written(spies.err)).toBe("warning: control characters are left out\n");
});

test("a change of what it was taught from is noted once", async () => {
  const { shouter, conversation } = start();
  await conversation.reply("one");
  shouter.change = "faq.csv was edited";
  await conversation.reply("two");
  await conversation.reply("three");
  expect(written(spies.err)).toBe("note: faq.csv was edited\n");
});

test("JSON has a row for each question, also for those that fail", async () => {
  const { conversation } = start({ json: true });
  await conversation.reply("maybe one");
  await expect(conversation.reply("?")).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  const rows = written(spies.out)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows).toEqual([
    {
      ...{ question: "maybe one", answer: "MAYBE ONE", confidence: 0.75, confident: false },
      source: { text: "maybe one", file: "faq.csv", line: 2 },
    },
    { question: "?", error: expect.stringContaining("has no word") },
  ]);
});
