import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { readLog } from "@attend/training";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialogueModels } from "../src/dialogue/model.ts";
import { punctuate } from "../src/dialogue/punctuate.ts";
import { reasonOf } from "../src/dialogue/reason.ts";
import { unspeakableTokens } from "../src/dialogue/speak.ts";
import { loadChatbot } from "../src/index.ts";
import { shippedFolder } from "../src/model.ts";

useEngine();

const log = [
  "do you like films",
  "films are great i like them",
  "which film do you like",
  "the old ones",
];
// For all tests of this file.
const model = mkdtempSync(join(tmpdir(), "attend-test-"));

async function teach(out: string): Promise<void> {
  const { defaultDialogueTraining, trainDialogue } = await import("../src/dialogue/training.ts");
  const base = defaultDialogueTraining();
  const { network } = base.model.network;
  const small = { ...network, embeddingSize: 8, hiddenSize: 8, dropout: 0 };
  await trainDialogue({
    config: {
      ...base,
      model: { ...base.model, network: { ...base.model.network, network: small } },
      vocabularySize: 400,
      training: { ...base.training, epochs: 1, tensorboard: false },
    },
    conversations: Array.from({ length: 8 }, () => log),
    validation: [log.slice(0, 2)],
    ...{ out, resume: false, signal: new AbortController().signal, onEvent: () => {} },
  });
}

describe("a bot that converses", () => {
  beforeAll(() => teach(model));
  afterAll(() => rmSync(model, { recursive: true }));

  test("shows what it would reply in the conversations to validate on", async () => {
    const last = (await readLog(join(model, "log.jsonl"))).at(-1);
    const example = { input: log[0], expected: log[1], output: expect.any(String) };
    expect(last).toMatchObject({ examples: [example] });
  });

  test("streams replies, remembers the turns before, and says that nothing is checked", async () => {
    const bot = await loadChatbot({ model });
    const [one, two] = [bot.start(), bot.start()];
    const talk = async (session: typeof one) => {
      const said: string[] = [];
      for (const question of ["Do you like films?", "which film"]) {
        let text = "";
        const asked = session.ask(question);
        for await (const piece of asked) text += piece;
        const reply = await asked.reply();
        expect(reply.answer).toBe(text.trimEnd());
        expect(reply).toMatchObject({ question, confident: false, source: null });
        expect(reply.confidence).toBeGreaterThan(0);
        expect(reply.confidence).toBeLessThan(1);
        expect(reply.why).toMatch(/made up word by word.*nothing that it says is checked$/);
        said.push(reply.answer);
      }
      return said;
    };
    expect(await talk(one)).toEqual(await talk(two));
    bot.close();
  });

  test("never says some words, however they are spelled", async () => {
    const { tokens } = await dialogueModels.read(model);
    const after = unspeakableTokens(tokens, ["film", "old"]);
    const textsAfter = (said: string) => after(said).map((id) => tokens.token(id));
    expect(textsAfter("like ")).toContain("film");
    expect(textsAfter("like Fil")).toContain("m");
    expect(textsAfter("like Fil")).not.toContain("i");
    expect(textsAfter("like")).toContain(" old");
    expect(textsAfter("g")).not.toContain("old");
    expect(unspeakableTokens(tokens, [])("like ")).toEqual([]);
  });

  test("replies to small talk that a FAQ has no answer to", async () => {
    const faq = { model: shippedFolder(false) };
    const missing = loadChatbot({ ...faq, smallTalk: "no-such-folder" });
    await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    const bot = await loadChatbot({ ...faq, smallTalk: model });
    const session = bot.start();
    const talk = await session.ask("I watched a great movie yesterday").reply();
    expect(talk).toMatchObject({ confident: false, source: { text: "conversation" } });
    const question = await session.ask("how many stars does the repository have").reply();
    expect(question.confident).toBe(false);
    expect(question.source?.file).toMatch(/faq\.md$/);
    bot.close();
  });

  test("goes on after a reply that was stopped", async () => {
    const bot = await loadChatbot({ model });
    const session = bot.start();
    await session.ask("do you like films").reply();
    const stopped = session.ask("which film", { signal: AbortSignal.abort() });
    await expect(stopped.reply()).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(session.turns).toHaveLength(1);
    await session.ask("which film do you like").reply();
    expect(session.turns).toHaveLength(2);
    bot.close();
  });

  test("frees its memory, however many conversations there were", async () => {
    await expectNoLeak(async () => {
      const bot = await loadChatbot({ model });
      const sessions = Array.from({ length: 20 }, () => bot.start());
      for (const session of sessions) await session.ask("do you like films").reply();
      for (const session of sessions.slice(0, 2)) await session.ask("which film").reply();
      bot.close();
    });
  });
});

test.each([
  ["i watched a film", "I watched a film."],
  ["do you like it", "Do you like it?"],
  ["so what is it about", "So what is it about?"],
  ["island life", "Island life."],
  ["Wow!", "Wow!"],
  ["good :)", "Good :)"],
  ["", "."],
])("punctuates %j", (text, expected) => expect(punctuate(text)).toBe(expected));

test("a reason names the words looked at most, once each", () => {
  const attended = [
    { text: " film", share: 0.25 },
    { text: "?", share: 0.5 },
    { text: " old", share: 0.05 },
    { text: " film", share: 0.1 },
  ];
  expect(reasonOf(attended)).toBe(
    'made up word by word, looking most at "film" (35 %), "old" (5 %); nothing that it says is checked',
  );
  expect(reasonOf([])).toBe("made up word by word; nothing that it says is checked");
});
