import { expect, test } from "vitest";
import { Chatbot } from "../src/chatbot.ts";
import { Shouter } from "./fixture.ts";

test("streams a reply, and finishes it", async () => {
  const session = new Chatbot(new Shouter()).start();
  const asked = session.ask(" one two\tthree ");
  const pieces: string[] = [];
  for await (const piece of asked) pieces.push(piece);
  expect(pieces).toEqual(["ONE TWO ", "THREE"]);
  expect(await asked.reply()).toMatchObject({ question: "one two three", answer: "ONE TWO THREE" });
});

test("finishes a reply that nobody reads, or not to its end", async () => {
  const session = new Chatbot(new Shouter()).start();
  expect(await session.ask("one").reply()).toMatchObject({ answer: "ONE" });
  const asked = session.ask("two three four");
  for await (const _ of asked) break;
  expect(await asked.reply()).toMatchObject({ answer: "TWO THREE FOUR" });
  expect(await asked.reply()).toMatchObject({ answer: "TWO THREE FOUR" });
});

test("passes the turns before, until they are reset", async () => {
  const shouter = new Shouter();
  const bot = new Chatbot(shouter);
  const session = bot.start();
  await session.ask("one").reply();
  await session.ask("two").reply();
  expect(shouter.turns).toEqual([{ question: "one", answer: "ONE" }]);
  expect(session.turns).toHaveLength(2);
  // Another conversation has turns of its own.
  await bot.start().ask("three").reply();
  expect(shouter.turns).toEqual([]);
  session.reset();
  await session.ask("four").reply();
  expect(shouter.turns).toEqual([]);
});

test("goes on with a conversation that was held before", async () => {
  const shouter = new Shouter();
  const session = new Chatbot(shouter).start([{ question: "one", answer: "ONE" }]);
  await session.ask("two").reply();
  expect(shouter.turns).toEqual([{ question: "one", answer: "ONE" }]);
  expect(session.turns).toHaveLength(2);
});

test("a question that cannot be read is an error, and no turn", async () => {
  const session = new Chatbot(new Shouter()).start();
  const asked = session.ask(" \u0007 ");
  await expect(asked.reply()).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
  await expect(asked.reply()).rejects.toMatchObject({
    message: "this question could not be answered; ask it again",
  });
  expect(session.turns).toEqual([]);
});

test("a closed chatbot starts no session", () => {
  const shouter = new Shouter();
  const bot = new Chatbot(shouter);
  bot.close();
  bot.close();
  expect(shouter.closed).toBe(true);
  expect(() => bot.start()).toThrow("this chatbot is closed; load another one");
});
