import { createRoute } from "@hono/zod-openapi";
import { modelsSchema } from "../schemas/models.ts";
import type { App, Services } from "../services.ts";
import { json, refusals } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/v1/models",
  summary: "List the models that may be asked for",
  responses: { 200: json(modelsSchema, "the models"), ...refusals },
});

/** `GET /v1/models`. */
export function modelRoutes(app: App, { pool, models }: Services): void {
  app.openapi(route, async (c) => {
    const loaded = pool.processes.flatMap((each) => each.models);
    const found = (await models.list()).map(({ folder, ...model }) => ({
      ...model,
      isLoaded: loaded.some((name) => name.includes(JSON.stringify(folder))),
    }));
    return c.json({ models: found }, 200);
  });
}
