import { basename } from "node:path";
import { loadChatbot, type Reply } from "@attend/chatbot-qa";
import { z } from "zod";
import type { Reply as Answer } from "../schemas/chats.ts";
import { streamTask } from "./task.ts";

/** Replies to a message, word by word. It gets what was said before, so that any process can go on with a conversation. */
export const task = streamTask({
  model: z.object({ folder: z.string().optional() }),
  options: z.object({}),
  input: z.object({
    text: z.string(),
    turns: z.array(z.object({ question: z.string(), answer: z.string() })),
  }),
  load: ({ folder }) => loadChatbot({ model: folder }),
  close: (bot) => bot.close(),
  async *stream(bot, { text, turns }, { signal }) {
    const asked = bot.start(turns).ask(text, { signal });
    for await (const token of asked) yield { text: token };
    return { ...answerOf(await asked.reply()), advice: bot.advice };
  },
});

function answerOf({ source, parts: _, ...reply }: Reply): Answer {
  return { ...reply, source: source && sourceOf(source) };
}

/** Where the server's files are is nobody's business. */
function sourceOf({ file, ...source }: NonNullable<Reply["source"]>): Answer["source"] {
  return { ...source, ...(file !== undefined && { file: basename(file) }) };
}
