import { createRoute } from "@hono/zod-openapi";
import { captionQuerySchema, captionSchema } from "../schemas/captions.ts";
import type { App, Services } from "../services.ts";
import { errors, json, uploadBody } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/v1/captions",
  summary: "Caption a photo",
  request: { query: captionQuerySchema, body: uploadBody("image", { type: "image/*" }) },
  responses: { 200: json(captionSchema, "the caption"), ...errors },
});

/** `POST /v1/captions`. */
export function captionRoutes(app: App, { pool, uploads, models }: Services): void {
  app.openapi(route, async (c) => {
    const { model = "captioner", beamWidth, alternatives, attention } = c.req.valid("query");
    const { folder } = await models.find(model, "image-captioning");
    const photo = await uploads.receive(c, { field: "image", type: "image/", what: "a photo" });
    const nBest = alternatives === undefined ? undefined : alternatives + 1;
    const caption = await pool.run(
      {
        task: "captions",
        model: { folder },
        options: { beamWidth, nBest, attention },
        input: photo.path,
      },
      { signal: c.req.raw.signal },
    );
    return c.json({ ...captionSchema.omit({ model: true }).parse(caption), model }, 200);
  });
}
