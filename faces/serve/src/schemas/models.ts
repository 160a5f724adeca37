import { z } from "zod";

/** What a model is for, as its folder states it. */
export const modelTasks = [
  "image-captioning",
  "visual-qa",
  "translation",
  "chatbot-qa",
  "language-model",
] as const;

/** A model that may be asked for by its name. */
export const modelSchema = z
  .object({
    name: z.string(),
    task: z.enum(modelTasks),
    kind: z.string().optional(),
    about: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    isShipped: z.boolean().meta({ description: "false for one that was trained here" }),
    isLoaded: z.boolean(),
  })
  .meta({ id: "Model" });
/** See {@link modelSchema}. */
export type Model = z.output<typeof modelSchema>;

/** `GET /v1/models`. */
export const modelsSchema = z.object({ models: z.array(modelSchema) }).meta({ id: "Models" });
/** See {@link modelsSchema}. */
export type Models = z.output<typeof modelsSchema>;

/** `GET /health`. */
export const healthSchema = z
  .object({
    status: z.literal("ok"),
    version: z.string(),
    processes: z.number().int(),
    waiting: z.number().int().meta({ description: "requests in the queue" }),
    running: z.number().int().meta({ description: "requests in engine processes" }),
  })
  .meta({ id: "Health" });
/** See {@link healthSchema}. */
export type Health = z.output<typeof healthSchema>;
