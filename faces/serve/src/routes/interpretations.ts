import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { respondWithEvents, runStream } from "../events.ts";
import {
  interpretationEventSchemas,
  interpretationQuerySchema,
} from "../schemas/interpretations.ts";
import type { App, Services } from "../services.ts";
import { errors, eventStream, uploadBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/interpretations",
  summary: "Interpret a recording: each stage's outputs as they come",
  request: { query: interpretationQuerySchema, body: uploadBody("audio", { type: "audio/*" }) },
  responses: {
    200: eventStream("each stage, sentence by sentence; done", interpretationEventSchemas),
    ...errors,
  },
});

const { done: doneSchema, ...stages } = interpretationEventSchemas;
const toldSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("detected"), data: stages.detected }),
  z.object({ event: z.literal("recognized"), data: stages.recognized }),
  z.object({ event: z.literal("repaired"), data: stages.repaired }),
  z.object({ event: z.literal("translated"), data: stages.translated }),
  z.object({ event: z.literal("spoken"), data: stages.spoken }),
]);

/** `POST /v1/interpretations`. */
export function interpretationRoutes(app: App, { pool, uploads }: Services): void {
  app.openapi(route, async (c) => {
    const { from = "en", to = "ja", engine, speak } = c.req.valid("query");
    const audio = await uploads.receive(c, { field: "audio", type: "audio/", what: "a recording" });
    async function* events() {
      const model = { from, to, engine, speak, nBest: 3 };
      const told = runStream(
        pool,
        { task: "interpretations", model, options: {}, input: audio.path },
        { schema: toldSchema, signal: c.req.raw.signal, timeoutSeconds: 3600 },
      );
      const output = yield* told;
      yield { event: "done", data: doneSchema.parse(output) };
    }
    return respondWithEvents(c, events(), (text) => uploads.hidePaths(text));
  });
}
