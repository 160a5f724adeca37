import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import type { Conversation } from "../chat-list.ts";
import { chatPhotoSchema, chatRequestSchema, chatSchema } from "../schemas/chats.ts";
import type { App, Services } from "../services.ts";
import { errors, json, jsonBody, nothing, uploadBody } from "./responses.ts";

/** The address of a conversation. */
export const params = z.object({ id: z.uuid() });

const startRoute = createRoute({
  method: "post",
  path: "/v1/chats",
  summary: "Start a conversation, with a bot that is there or one that is taught a FAQ",
  request: {
    body: {
      content: {
        ...uploadBody("faq").content,
        ...jsonBody(chatRequestSchema).content,
      },
    },
  },
  responses: { 201: json(chatSchema, "the conversation"), ...errors },
});

const endRoute = createRoute({
  method: "delete",
  path: "/v1/chats/{id}",
  summary: "Forget a conversation",
  request: { params },
  responses: { 204: nothing("it is forgotten"), ...errors },
});

const photoRoute = createRoute({
  method: "post",
  path: "/v1/chats/{id}/photo",
  summary: "Show a photo, which questions are about until it is put away",
  request: { params, body: uploadBody("image", { type: "image/*" }) },
  responses: { 200: json(chatPhotoSchema, "it is there"), ...errors },
});

const noPhotoRoute = createRoute({
  method: "delete",
  path: "/v1/chats/{id}/photo",
  summary: "Put the photo away",
  request: { params },
  responses: { 204: nothing("it is away"), ...errors },
});

/** `/v1/chats`, but for what is said in them. */
export function chatRoutes(app: App, services: Services): void {
  const { chats, models, uploads } = services;
  app.openapi(startRoute, async (c) => {
    const type = c.req.header("content-type");
    const isForm = type?.startsWith("multipart/form-data") === true;
    const request = isForm || type === undefined ? {} : await c.req.json();
    const { model = "chat-attend" } = chatRequestSchema.parse(request);
    const chat = await chats.start();
    try {
      if (isForm) {
        const faq = await uploads.receive(c, { field: "faq", type: "text/", what: "a FAQ" });
        const taught = await teach(services, chat, { faq: faq.path, signal: c.req.raw.signal });
        return c.json(
          { id: chat.id, model: basename(faq.path), kind: "faq" as const, taught },
          201,
        );
      }
      const { folder, kind } = await models.find(model, "chatbot-qa");
      // Without a folder, the best of the shipped models is chosen, and it makes small talk.
      if (model !== "chat-attend") chat.folder = folder;
      return c.json({ id: chat.id, model, kind: chatSchema.shape.kind.parse(kind) }, 201);
    } catch (thrown) {
      await chats.end(chat);
      throw thrown;
    }
  });
  app.openapi(endRoute, async (c) => {
    await chats.end(await chats.find(c.req.valid("param").id));
    return c.body(null, 204);
  });
  app.openapi(photoRoute, async (c) => {
    const chat = await chats.find(c.req.valid("param").id);
    const { path } = await uploads.receive(c, { field: "image", type: "image/", what: "a photo" });
    const photo = join(chat.files, basename(path));
    await rename(path, photo);
    chat.photo = photo;
    return c.json({ photo: basename(photo) }, 200);
  });
  app.openapi(noPhotoRoute, async (c) => {
    const chat = await chats.find(c.req.valid("param").id);
    chat.photo = undefined;
    return c.body(null, 204);
  });
}

/** Teaches a conversation's bot a FAQ. */
async function teach(
  { pool }: Services,
  chat: Conversation,
  { faq, signal }: { readonly faq: string; readonly signal: AbortSignal },
) {
  const out = join(chat.files, "bot");
  const taught = await pool.run(
    { task: "faqs", model: {}, options: {}, input: { file: faq, out } },
    { signal },
  );
  chat.folder = out;
  return chatSchema.shape.taught.unwrap().parse(taught);
}
