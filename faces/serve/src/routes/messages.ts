import { basename } from "node:path";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Conversation } from "../chat-list.ts";
import { respondWithEvents, runStream, type ServerEvent } from "../events.ts";
import { answerSchema } from "../schemas/answers.ts";
import { chatEventSchemas, messageSchema, type Reply } from "../schemas/chats.ts";
import type { App, Services } from "../services.ts";
import { params } from "./chats.ts";
import { errors, eventStream, jsonBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/chats/{id}/messages",
  summary: "Say something; the reply comes word by word",
  request: { params, body: jsonBody(messageSchema) },
  responses: { 200: eventStream("tokens, then the answer", chatEventSchemas), ...errors },
});

/** `POST /v1/chats/:id/messages`. */
export function messageRoutes(app: App, services: Services): void {
  app.openapi(route, async (c) => {
    const chat = await services.chats.find(c.req.valid("param").id);
    const { text } = c.req.valid("json");
    const reply = chat.photo === undefined ? replyOf : replyAboutPhoto;
    const events = reply(services, chat, { text, signal: c.req.raw.signal });
    return respondWithEvents(c, events, (message) => services.uploads.hidePaths(message));
  });
}

interface Said {
  readonly text: string;
  readonly signal: AbortSignal;
}

const { token: tokenSchema, answer: replySchema } = chatEventSchemas;
/** Earlier turns are forgotten. */
const maxTurns = 200;

async function* replyOf(
  { pool, uploads }: Services,
  chat: Conversation,
  { text, signal }: Said,
): AsyncGenerator<ServerEvent> {
  const { folder, turns } = chat;
  const request = {
    task: "chats",
    model: { folder },
    options: {},
    input: { text, turns },
  } as const;
  const tokens = runStream(pool, request, { schema: tokenSchema, signal });
  let token = await tokens.next();
  for (; !token.done; token = await tokens.next()) yield { event: "token", data: token.value };
  const reply = replySchema.parse(token.value);
  chat.turns = [...turns, { question: reply.question, answer: reply.answer }].slice(-maxTurns);
  yield { event: "answer", data: { ...reply, why: uploads.hidePaths(reply.why) } };
}

async function* replyAboutPhoto(
  { pool, models }: Services,
  { photo = "" }: Conversation,
  { text, signal }: Said,
): AsyncGenerator<ServerEvent> {
  const { folder } = await models.find("answerer", "visual-qa");
  const output = await pool.run(
    {
      task: "answers",
      model: { folder },
      options: { nBest: 0, attention: false },
      input: { photo, questions: [text] },
    },
    { signal },
  );
  const [found] = z.array(answerSchema).length(1).parse(output);
  if (found === undefined) return;
  const { question, answer, probability: confidence, confident } = found;
  yield { event: "token", data: { text: answer } };
  const source = { text: basename(photo) };
  const why = `${source.text}, as the model sees it`;
  const data: Reply = { question, answer, confidence, confident, source, why };
  yield { event: "answer", data };
}
