import { createRoute } from "@hono/zod-openapi";
import { healthSchema } from "../schemas/models.ts";
import type { App, Services } from "../services.ts";
import { json, refusals } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/health",
  summary: "Tell whether the server works",
  security: [],
  responses: { 200: json(healthSchema, "it does"), 403: refusals[403] },
});

/** `GET /health`, which needs no key. */
export function healthRoutes(app: App, { pool, version }: Services): void {
  app.openapi(route, (c) => {
    const { waiting, running } = pool.load;
    const processes = pool.processes.length;
    return c.json({ status: "ok" as const, version, processes, waiting, running }, 200);
  });
}
