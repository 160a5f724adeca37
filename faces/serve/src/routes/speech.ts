import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { speechRequestSchema } from "../schemas/speech.ts";
import type { App, Services } from "../services.ts";
import { errors, jsonBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/speech",
  summary: "Speak a text",
  request: { body: jsonBody(speechRequestSchema) },
  responses: {
    200: {
      description: "a WAV file",
      content: { "audio/wav": { schema: { type: "string" as const, format: "binary" } } },
    },
    ...errors,
  },
});

const spokenSchema = z.object({ wav: z.instanceof(Uint8Array<ArrayBuffer>) });

/** `POST /v1/speech`. */
export function speechRoutes(app: App, { pool }: Services): void {
  app.openapi(route, async (c) => {
    const { text, to, synthesizer, voice } = c.req.valid("json");
    const spoken = await pool.run(
      { task: "speech", model: { to, synthesizer }, options: { to, voice }, input: text },
      { signal: c.req.raw.signal },
    );
    return c.body(spokenSchema.parse(spoken).wav, 200, { "Content-Type": "audio/wav" });
  });
}
