import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSentenceVectors } from "@attend/sentence-vectors";
import { useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadChatbot } from "../src/index.ts";
import { intentScores } from "../src/intents/scores.ts";
import { trainIntentModel } from "../src/intents/training.ts";
import { rowOf } from "../src/present/rows.ts";

useEngine();

const texts = {
  book: ["book a table for two", "reserve a table tonight", "I want to reserve a table for six"],
  cancel: ["cancel my booking", "call off the reservation", "I cannot come, cancel the table"],
  hours: ["when do you open", "what are your opening hours", "are you open on Sunday"],
};
const examples = Object.entries(texts).flatMap(([intent, some]) =>
  some.map((text) => ({ text, intent })),
);

const out = mkdtempSync(join(tmpdir(), "attend-intents-"));
let bot: Awaited<ReturnType<typeof loadChatbot>>;
beforeAll(async () => {
  const vectors = await loadSentenceVectors("static");
  expect(await trainIntentModel(examples, vectors, { out })).toEqual(Object.keys(texts));
  vectors.dispose();
  bot = await loadChatbot({ model: out });
});
afterAll(() => {
  bot.close();
  rmSync(out, { recursive: true });
});

test("a model of intents replies with the intent", async () => {
  expect(bot.kind).toBe("intents");
  const reply = await bot.start().ask("when do you open").reply();
  expect(reply.why).toMatch(/^hours \(\d\.\d\d\), then /);
  const row = rowOf(reply, bot.kind);
  expect(Object.keys(row)).toEqual(["text", "intent", "confidence", "confident"]);
  expect(["hours", "oos"]).toContain(reply.answer);
  expect(reply.answer === "oos").toBe(!reply.confident);
});

test("scores tell accuracy in scope from recall out of scope", () => {
  const rows = [
    ["book", "book"],
    ["book", "oos"],
    ["oos", "oos"],
    ["oos", "book"],
    ["oos", "oos"],
  ].map(([expected = "", intent = ""]) => ({ expected, intent }));
  expect(intentScores(rows)).toEqual({ inScope: 2, accuracy: 0.5, outOfScope: 3, recall: 2 / 3 });
});
