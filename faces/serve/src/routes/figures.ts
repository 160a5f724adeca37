import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { badRequest } from "../errors.ts";
import { respondWithEvents, runStream } from "../events.ts";
import { aboutFigures } from "../figures/about.ts";
import {
  type FigureName,
  figureEventSchemas,
  figureNames,
  figureSchema,
  figureSchemas,
  figuresSchema,
} from "../schemas/figures.ts";
import type { App, Services } from "../services.ts";
import { errors, eventStream, json, refusals } from "./responses.ts";

const listRoute = createRoute({
  method: "get",
  path: "/v1/figures",
  summary: "List the figures about how the networks work",
  responses: { 200: json(figuresSchema, "the figures"), ...refusals },
});

const computeRoute = createRoute({
  method: "post",
  path: "/v1/figures/{name}",
  summary: "Compute a figure; with `Accept: text/event-stream`, its progress is told, too",
  request: {
    params: z.object({ name: z.enum(figureNames) }),
    body: {
      content: { "application/json": { schema: z.looseObject({}) } },
      description: "what it is made from; everything has a default",
    },
  },
  responses: {
    200: {
      description: "the figure",
      content: {
        ...json(figureSchema, "").content,
        ...eventStream("", figureEventSchemas).content,
      },
    },
    ...errors,
  },
});

/** Seconds for a figure; some train small networks. */
const timeoutSeconds = 600;

/** `/v1/figures`. */
export function figureRoutes(app: App, { pool, uploads }: Services): void {
  app.openapi(listRoute, (c) => c.json({ figures: figureNames.map(aboutOf) }, 200));
  app.openapi(computeRoute, async (c) => {
    const { name } = c.req.valid("param");
    const input = figureSchemas[name].input.safeParse(c.req.valid("json"));
    if (!input.success) throw badRequest(input.error);
    const { signal } = c.req.raw;
    const request = {
      task: "figures",
      model: {},
      options: {},
      input: { name, input: input.data },
    } as const;
    const figureOf = (data: unknown) => figureSchema.parse({ ...aboutOf(name), data });
    if (!c.req.header("accept")?.includes("text/event-stream")) {
      return c.json(figureOf(await pool.run(request, { signal, timeoutSeconds })), 200);
    }
    async function* events() {
      const schema = figureEventSchemas.progress;
      const progress = runStream(pool, request, { schema, signal, timeoutSeconds });
      let next = await progress.next();
      for (; !next.done; next = await progress.next()) {
        yield { event: "progress", data: next.value };
      }
      yield { event: "figure", data: figureOf(next.value) };
    }
    return respondWithEvents(c, events(), (text) => uploads.hidePaths(text));
  });
}

function aboutOf(name: FigureName) {
  return { name, ...aboutFigures[name] };
}
