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
  const loaded: Kind[] = [];
  const load = async (responder: Shouter) => {
    loaded.push(responder.kind);
    return responder;
  };
  const responder = new SmallTalk(
    parts.answerer,
    () => load(parts.recognizer),
    () => load(parts.talker),
  );
  return { ...parts, bot: new Chatbot(responder), loaded };
}

test("what the answerer is sure of is its own, whatever it is about", async () => {
  const { bot, loaded } = makeBot();
  const reply = await bot.start().ask("which film").reply();
  expect(reply).toMatchObject({ answer: "WHICH FILM", confident: true, source: { line: 2 } });
  expect(bot.kind).toBe("faq" satisfies Kind);
  expect(loaded).toEqual([]);
});

test.each(["maybe the moon", "maybe perhaps a film", "is that maybe a film?"])(
  "what is not surely small talk stays unknown: %s",
  async (question) => {
    const { bot, loaded } = makeBot();
    const reply = await bot.start().ask(question).reply();
    expect(reply).toMatchObject({ answer: question.toUpperCase(), confident: false });
    expect(loaded).not.toContain("dialogue");
    expect(reply.source).toMatchObject({ line: 2 });
  },
);

test("small talk is made up, marked, and remembers only small talk", async () => {
  const { bot, talker, loaded } = makeBot();
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
  expect(loaded).toEqual(["intents", "dialogue"]);
});

test("what may be small talk is, in the midst of it, unless it asks something", async () => {
  const { bot, talker } = makeBot();
  const session = bot.start();
  const sources: unknown[] = [];
  for (const text of ["perhaps", "film", "perhaps", "perhaps?", "perhaps"]) {
    sources.push((await session.ask(`maybe ${text}`).reply()).source?.text);
  }
  const [told, talked] = ["maybe perhaps", "conversation"];
  expect(sources).toEqual([told, talked, talked, "maybe perhaps?", told]);
  expect(talker.turns).toHaveLength(1);
});

test("what was loaded is closed", async () => {
  const [unused, used] = [makeBot(), makeBot()];
  await used.bot.start().ask("maybe a film").reply();
  for (const { bot } of [unused, used]) bot.close();
  await Promise.resolve();
  const closed = ({ answerer, recognizer, talker }: typeof used) =>
    [answerer, recognizer, talker].map((each) => each.closed);
  expect(closed(unused)).toEqual([true, false, false]);
  expect(closed(used)).toEqual([true, true, true]);
});

test("what cannot be loaded is told, and the rest is closed", async () => {
  const [answerer, recognizer] = [new Shouter(), new Recognizer("intents")];
  const fail = () => Promise.reject(new Error("no talker"));
  const bot = new Chatbot(new SmallTalk(answerer, async () => recognizer, fail));
  await expect(bot.start().ask("maybe a film").reply()).rejects.toThrow("no talker");
  bot.close();
  await Promise.resolve();
  expect([answerer, recognizer].map(({ closed }) => closed)).toEqual([true, true]);
});

test("changes are those of the answerer", async () => {
  const { bot, answerer } = makeBot();
  expect(await bot.changed()).toBeUndefined();
  answerer.change = "the file was edited";
  expect(await bot.changed()).toBe("the file was edited");
});
