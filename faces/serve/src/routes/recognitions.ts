import { createRoute } from "@hono/zod-openapi";
import { recognitionQuerySchema, recognitionSchema } from "../schemas/recognitions.ts";
import type { App, Services } from "../services.ts";
import { errors, json, uploadBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/recognitions",
  summary: "Write down what is said in a recording",
  request: { query: recognitionQuerySchema, body: uploadBody("audio", { type: "audio/*" }) },
  responses: { 200: json(recognitionSchema, "what was said"), ...errors },
});

/** `POST /v1/recognitions`. */
export function recognitionRoutes(app: App, { pool, uploads }: Services): void {
  app.openapi(route, async (c) => {
    const { from = "en", engine, alternatives } = c.req.valid("query");
    const audio = await uploads.receive(c, { field: "audio", type: "audio/", what: "a recording" });
    const nBest = alternatives === undefined ? undefined : alternatives + 1;
    const recognition = await pool.run(
      {
        task: "recognitions",
        model: { from, engine, nBest },
        options: {},
        input: audio.path,
      },
      { signal: c.req.raw.signal, timeoutSeconds: 600 },
    );
    return c.json(recognitionSchema.parse(recognition), 200);
  });
}
