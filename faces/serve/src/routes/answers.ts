import { createRoute } from "@hono/zod-openapi";
import { z } from "zod";
import { HttpError } from "../http-error.ts";
import { maxLengths } from "../inputs.ts";
import { answerQuerySchema, answerSchema, answersSchema } from "../schemas/answers.ts";
import type { App, Services } from "../services.ts";
import { errors, json, uploadBody } from "./responses.ts";

const questionsSchema = z.array(z.string().trim().min(1).max(maxLengths.question)).min(1).max(50);

const route = createRoute({
  method: "post",
  path: "/v1/answers",
  summary: "Answer questions about a photo",
  request: {
    query: answerQuerySchema,
    body: uploadBody("image", { others: { question: z.toJSONSchema(questionsSchema) } }),
  },
  responses: { 200: json(answersSchema, "an answer for each question"), ...errors },
});

/** `POST /v1/answers`. */
export function answerRoutes(app: App, { pool, uploads, models }: Services): void {
  app.openapi(route, async (c) => {
    const { model = "answerer", alternatives, attention } = c.req.valid("query");
    const { folder } = await models.find(model, "visual-qa");
    const photo = await uploads.receive(c, { field: "image", type: "image/", what: "a photo" });
    const { data } = questionsSchema.safeParse(photo.fields.get("question"));
    if (data === undefined) {
      const message = `the form's field "question" must be there from 1 to 50 times, each with 1 to ${maxLengths.question} characters`;
      throw new HttpError(400, "BAD_REQUEST", message);
    }
    const answers = await pool.run(
      {
        task: "answers",
        model: { folder },
        options: { nBest: alternatives, attention },
        input: { photo: photo.path, questions: data },
      },
      { signal: c.req.raw.signal },
    );
    return c.json({ answers: z.array(answerSchema).parse(answers), model }, 200);
  });
}
