import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { readFaq, readFaqQuestions } from "@attend/datasets";
import { findMiniLm } from "@attend/sentence-vectors";
import { useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { assignQuestions } from "../src/faq/assign-questions.ts";
import { testMatcher } from "../src/faq/evaluate.ts";
import { faqModels, taughtFile } from "../src/faq/model.ts";
import { loadFaq } from "../src/faq/responder.ts";
import { scoresOf } from "../src/faq/scores.ts";
import { loadChatbot } from "../src/index.ts";
import { loadIntents } from "../src/intents/responder.ts";
import { recognizerFolder, shippedFolder } from "../src/model.ts";
import { asksFacts, smallTalk } from "../src/small-talk.ts";

useEngine();

const page = join(import.meta.dirname, "../../../docs/faq.md");
const tests = join(import.meta.dirname, "attend");

/** With MiniLM, and without. */
const folders = [true, false].map(shippedFolder);

test.each(folders)("%s was taught the page as it is, and is small", async (folder) => {
  const { tokens } = await faqModels.read(folder);
  const { pairs, warnings } = await readFaq(page);
  expect(warnings).toEqual([]);
  expect(tokens.pairs).toEqual(pairs);
  expect(pairs.length).toBeGreaterThanOrEqual(60);
  expect(relative(page, taughtFile(tokens, folder))).toBe("");
  const weights = await stat(join(folder, "model.safetensors"));
  expect(weights.size).toBeLessThan(1e6);
});

test.each(folders)("%s was not trained on its test", async (folder) => {
  const { tokens } = await faqModels.read(folder);
  const taught = new Set(
    [...tokens.pairs.flatMap(({ questions }) => questions), ...tokens.wordings.flat()].map(plain),
  );
  for (const file of ["rewordings.tsv", "unanswerable.txt"]) {
    const { questions } = await readFaqQuestions(join(tests, file));
    expect(questions.filter(({ question }) => taught.has(plain(question)))).toEqual([]);
  }
});

test("small talk is recognized, and questions are hardly ever taken for it", async () => {
  const bot = await loadIntents(recognizerFolder(), {});
  const shareOf = async (file: string) => {
    const { questions } = await readFaqQuestions(join(tests, file));
    const found = await bot.classifier.classify(questions.map(({ question }) => question));
    const isTalk = (index: number) => !asksFacts.test(questions[index]?.question ?? "");
    const talk = found.filter(({ intent }, index) => intent === smallTalk && isTalk(index));
    return talk.length / found.length;
  };
  expect(await shareOf("small-talk.txt")).toBeGreaterThanOrEqual(0.9);
  expect(await shareOf("rewordings.tsv")).toBeLessThanOrEqual(0.01);
  expect(await shareOf("unanswerable.txt")).toBeLessThanOrEqual(0.03);
  bot.close();
});

describe.skipIf(findMiniLm() === undefined)("with MiniLM", () => {
  test("it understands a follow-up, and a question of two parts", async () => {
    const bot = await loadChatbot();
    const session = bot.start();
    await session.ask("How do I caption a photo?").reply();
    const followUp = await session.ask("and a whole folder?").reply();
    expect(followUp.source?.text).toBe("How do I caption all photos of a folder?");
    const both = "How do I caption a photo, and how do I translate a file?";
    const { parts, answer } = await bot.start().ask(both).reply();
    const sources = ["How do I caption a photo?", "How do I translate a file?"];
    expect(parts?.map(({ source }) => source?.text)).toEqual(sources);
    expect(answer).toBe(parts?.map((part) => part.answer).join("\n\n"));
    bot.close();
  });
});

test("it makes up replies to small talk, and only to that", async () => {
  const [chat, question] = ["I watched a great movie yesterday", "how old is the universe"];
  const source = { text: "conversation" };
  const bot = await loadChatbot();
  const session = bot.start();
  const talk = await session.ask(chat).reply();
  expect(talk).toMatchObject({ confident: false, source });
  expect(talk.answer).not.toBe("");
  const unknown = await session.ask(question).reply();
  expect(unknown).toMatchObject({ confident: false, source: { file: expect.any(String) } });
  bot.close();
  for (const options of [{ smallTalk: false as const }, { model: shippedFolder() }]) {
    const quiet = await loadChatbot(options);
    expect((await quiet.start().ask(chat).reply()).source).not.toEqual(source);
    quiet.close();
  }
});

test.for([
  { hasMiniLm: true, hit: 0.85, answers: 0.6 },
  { hasMiniLm: false, hit: 0.8, answers: 0.5 },
])(
  "it finds what people ask, and makes nothing up: %j",
  { timeout: 600_000 },
  async ({ hasMiniLm, hit, answers }, { skip }) => {
    skip(hasMiniLm && findMiniLm() === undefined, "MiniLM is not installed");
    const bot = await loadFaq(shippedFolder(hasMiniLm), {});
    const reworded = await readFaqQuestions(join(tests, "rewordings.tsv"));
    const others = await readFaqQuestions(join(tests, "unanswerable.txt"));
    const tested = await testMatcher(bot.matcher, [
      ...assignQuestions(reworded.questions, bot.taught.pairs, "rewordings.tsv"),
      ...others.questions.map(({ question }) => ({ question, pair: undefined })),
    ]);
    bot.close();
    const { questions, hit1, answered, unanswerable, madeUp } = scoresOf(tested);
    expect({ questions, unanswerable }).toEqual({ questions: 258, unanswerable: 100 });
    expect(hit1).toBeGreaterThanOrEqual(hit);
    expect(answered).toBeGreaterThanOrEqual(answers);
    expect(madeUp).toBeLessThanOrEqual(0.05);
  },
);

function plain(question: string): string {
  return question
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
