import { createRoute } from "@hono/zod-openapi";
import { translationRequestSchema, translationsSchema } from "../schemas/translations.ts";
import type { App, Services } from "../services.ts";
import { errors, json, jsonBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/translations",
  summary: "Translate a text or several",
  request: { body: jsonBody(translationRequestSchema) },
  responses: { 200: json(translationsSchema, "the translations"), ...errors },
});

/** `POST /v1/translations`. */
export function translationRoutes(app: App, { pool, models }: Services): void {
  app.openapi(route, async (c) => {
    const { text = "", texts = [text], from, to, model, ...search } = c.req.valid("json");
    const { beamWidth, alternatives = 0, attention = false } = search;
    const folder = await models.folderOf(model, "translation");
    const translations = await pool.run(
      {
        task: "translations",
        model: { folder, from, to },
        options: { beamWidth, nBest: alternatives + 1, attention },
        input: texts,
      },
      { signal: c.req.raw.signal },
    );
    const found = translationsSchema.omit({ model: true }).parse(translations);
    return c.json({ ...found, model: model ?? `translator-${found.from}-${found.to}` }, 200);
  });
}
