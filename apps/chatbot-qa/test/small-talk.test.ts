import { expect, test } from "vitest";
import { Chatbot } from "../src/chatbot.ts";
import type { Kind, Reply } from "../src/responder.ts";
import { SmallTalk, smallTalk } from "../src/small-talk.ts";
import { Shouter } from "./fixture.ts";

/** Takes what has "film" for small talk; unsure of what has "perhaps". */
class Recognizer extends Shouter {
  override async *respond(question: string): AsyncGenerator<string, Reply, void> {
    const answer = question.includes("film") ? smallTalk : "question";
    const confident = !question.includes("perhaps");
    yield answer;
    return { question, answer, confidence: 0.9, confident, source: null, why: answer };
  }
}

function makeBot() {
  const parts = {
    answerer: new Shouter(),
    recognizer: new Recognizer("intents"),
    talker: new Shouter("dialogue"),
  };
  const responder = new SmallTalk(parts.answerer, parts.recognizer, parts.talker);
  return { ...parts, bot: new Chatbot(responder) };
}

test("what the answerer is sure of is its own, whatever it is about", async () => {
  const { bot } = makeBot();
  const reply = await bot.start().ask("which film").reply();
  expect(reply).toMatchObject({ answer: "WHICH FILM", confident: true, source: { line: 2 } });
  expect(bot.kind).toBe("faq" satisfies Kind);
});

test.each(["maybe the moon", "maybe perhaps a film", "is that maybe a film?"])(
  "what is not surely small talk stays unknown: %s",
  async (question) => {
    const { bot } = makeBot();
    const reply = await bot.start().ask(question).reply();
    expect(reply).toMatchObject({ answer: question.toUpperCase(), confident: false });
    expect(reply.source).toMatchObject({ line: 2 });
  },
);

test("small talk is made up, marked, and remembers only small talk", async () => {
  const { bot, talker } = makeBot();
  const session = bot.start();
  await session.ask("one").reply();
  const asked = session.ask("maybe a film");
  let text = "";
  for await (const piece of asked) text += piece;
  expect(text).toBe("(made up) MAYBE A FILM");
  expect(await asked.reply()).toMatchObject({
    answer: "MAYBE A FILM",
    confident: false,
    source: { text: "conversation" },
  });
  await session.ask("maybe the moon").reply();
  await session.ask("maybe that film").reply();
  expect(talker.turns).toEqual([{ question: "maybe a film", answer: "MAYBE A FILM" }]);
  expect(session.turns).toHaveLength(4);
});

test("it is closed as a whole", () => {
  const { bot, answerer, recognizer, talker } = makeBot();
  bot.close();
  expect([answerer, recognizer, talker].map(({ closed }) => closed)).toEqual([true, true, true]);
});

test("changes are those of the answerer", async () => {
  const { bot, answerer } = makeBot();
  expect(await bot.changed()).toBeUndefined();
  answerer.change = "the file was edited";
  expect(await bot.changed()).toBe("the file was edited");
});
