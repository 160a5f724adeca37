import { createRoute } from "@hono/zod-openapi";
import { repairRequestSchema, repairSchema } from "../schemas/repairs.ts";
import type { App, Services } from "../services.ts";
import { errors, json, jsonBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/repairs",
  summary: "Restore spelling, casing, punctuation and numbers of a text",
  request: { body: jsonBody(repairRequestSchema) },
  responses: { 200: json(repairSchema, "the text, and what was changed"), ...errors },
});

/** `POST /v1/repairs`. */
export function repairRoutes(app: App, { pool }: Services): void {
  app.openapi(route, async (c) => {
    const { text, from = "en" } = c.req.valid("json");
    const repair = await pool.run(
      { task: "repairs", model: { from }, options: {}, input: text },
      { signal: c.req.raw.signal },
    );
    return c.json(repairSchema.parse(repair), 200);
  });
}
