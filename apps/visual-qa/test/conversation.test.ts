import { AttendError } from "@attend/runtime/errors";
import { expect, test } from "vitest";
import type { Answerer, AnswerResult } from "../src/answerer.ts";
import { Conversation } from "../src/commands/conversation.ts";

/** Answers with the photo's name; `dark` photos cannot be read, and `plain` ones get no attention. */
const answerer: Pick<Answerer, "ask"> = {
  async ask(photo, question, options) {
    if (photo === "dark.jpg") throw new AttendError("BAD_IMAGE", "dark.jpg is no picture");
    const result: AnswerResult = {
      ...{ question, answer: String(photo), probability: 1, confident: true, alternatives: [] },
    };
    if (!options?.attention || photo === "plain.jpg") return result;
    return { ...result, attention: { grid: [1, 2], hops: [new Float32Array([0.9, 0.1])] } };
  },
};
const show = (photo: string, { question, answer }: AnswerResult) =>
  `${photo}: ${question} ${answer}`;

function start(photo = "car.jpg") {
  return new Conversation(answerer, photo, { ask: {}, show });
}

test("answers each line about the current photo", async () => {
  const conversation = start();
  expect(await conversation.reply("  is it red? ")).toBe("car.jpg: is it red? car.jpg");
  expect(await conversation.reply("")).toBeUndefined();
  expect(await conversation.reply("/photo two words.jpg")).toBeUndefined();
  expect(await conversation.reply("and this?")).toBe("two words.jpg: and this? two words.jpg");
});

test("/why tells where the model looked for the last answer", async () => {
  const conversation = start();
  await conversation.reply("is it red?");
  expect(await conversation.reply("/why")).toBe("left");
});

test("/why draws if there is a folder for pictures", async () => {
  const draw = async (photo: string, { question }: AnswerResult) => `why/${photo} ${question}`;
  const conversation = new Conversation(answerer, "car.jpg", { ask: {}, show, draw });
  await conversation.reply("red?");
  expect(await conversation.reply("/why")).toBe("why/car.jpg red?");
});

test("/why needs an answer about this photo, and attention", async () => {
  const conversation = start();
  const unasked = { message: "there is no answer to explain; ask a question first" };
  await expect(conversation.reply("/why")).rejects.toMatchObject(unasked);
  await conversation.reply("is it red?");
  await conversation.reply("/photo plain.jpg");
  await expect(conversation.reply("/why")).rejects.toMatchObject(unasked);
  await conversation.reply("is it red?");
  await expect(conversation.reply("/why")).rejects.toMatchObject({
    message: "this model has no attention; use one that has for /why",
  });
});

test("a failed question is not explained by the answer before it", async () => {
  const conversation = start();
  await conversation.reply("is it red?");
  await conversation.reply("/photo dark.jpg");
  await expect(conversation.reply("is it red?")).rejects.toMatchObject({ code: "BAD_IMAGE" });
  await expect(conversation.reply("/why")).rejects.toMatchObject({ code: "BAD_ARGUMENT" });
});

test.each(["/photo", "/phto a.jpg", "/"])("%s is no command", async (line) => {
  await expect(start().reply(line)).rejects.toMatchObject({
    message: `${line} is no command; use /photo <file>, /why or /quit`,
  });
});
