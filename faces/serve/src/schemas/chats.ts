import { z } from "zod";
import { maxLengths } from "../inputs.ts";
import { modelName, probability } from "./fields.ts";

/** `POST /v1/chats`; with a FAQ to teach, the body is a form with `faq` (CSV, TSV, JSON lines or Markdown). */
export const chatRequestSchema = z.object({ model: modelName }).meta({ id: "ChatRequest" });
/** See {@link chatRequestSchema}. */
export type ChatRequest = z.input<typeof chatRequestSchema>;

/** A conversation. It is forgotten when nothing is said in it for long. */
export const chatSchema = z
  .object({
    id: z.string(),
    model: z.string(),
    kind: z.enum(["faq", "intents", "stories", "dialogue"]),
    taught: z
      .object({
        answers: z.number().int(),
        questions: z.number().int(),
        warnings: z.array(z.string()),
      })
      .optional()
      .meta({ description: "what was learned from an uploaded FAQ" }),
  })
  .meta({ id: "Chat" });
/** See {@link chatSchema}. */
export type Chat = z.output<typeof chatSchema>;

/** `POST /v1/chats/:id/messages`. */
export const messageSchema = z
  .object({ text: z.string().min(1).max(maxLengths.message) })
  .meta({ id: "Message" });
/** See {@link messageSchema}. */
export type Message = z.input<typeof messageSchema>;

/** A finished reply. */
export const replySchema = z
  .object({
    question: z.string(),
    answer: z.string(),
    confidence: probability,
    confident: z.boolean(),
    source: z
      .object({ text: z.string(), file: z.string().optional(), line: z.number().int().optional() })
      .nullable(),
    why: z.string().meta({ description: "what the answer rests on, for people" }),
    advice: z.string().optional().meta({ description: "what would make the bot's answers better" }),
    isFact: z.boolean().optional().meta({ description: "it was no question, and is remembered" }),
  })
  .meta({ id: "Reply" });
/** See {@link replySchema}. */
export type Reply = z.output<typeof replySchema>;

/** `POST /v1/chats/:id/photo`: questions are about the photo from now on, until it is put away. */
export const chatPhotoSchema = z.object({ photo: z.string() }).meta({ id: "ChatPhoto" });
/** See {@link chatPhotoSchema}. */
export type ChatPhoto = z.output<typeof chatPhotoSchema>;

/** The server-sent events of a message: `token`s, then an `answer`; or an `error`. */
export const chatEventSchemas = {
  token: z.object({ text: z.string() }).meta({ id: "Token" }),
  answer: replySchema,
} as const;
/** See {@link chatEventSchemas}. */
export type ChatEvents = {
  readonly [Name in keyof typeof chatEventSchemas]: z.output<(typeof chatEventSchemas)[Name]>;
};
