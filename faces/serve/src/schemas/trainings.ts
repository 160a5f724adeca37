import { z } from "zod";

/** What can be trained: the program that does it is named by the kind. */
export const trainingKinds = ["caption", "translate", "vqa", "chat"] as const;

/** The folder of a training, by its name below the folder of trainings. */
export const trainingName = z
  .string()
  .regex(/^\w[\w.-]{0,63}$/)
  .meta({ description: "letters, digits, _, . and -" });

/** `POST /v1/trainings`. */
export const trainingRequestSchema = z
  .object({
    kind: z.enum(trainingKinds),
    name: trainingName,
    data: z.record(z.string(), z.string().min(1).max(1000)).meta({
      description:
        "files by the options of the program's `train` in camel case (images, captions, questions, faq, ...; translate also has pairs, or pairs and translations): a path below the training's uploaded data or, on a server that only this machine reaches, a whole path",
    }),
    options: z
      .record(z.string(), z.union([z.string().max(1000), z.number(), z.boolean()]))
      .optional()
      .meta({ description: "such as minutes, epochs, seed, heldOut; from and to of translate" }),
  })
  .meta({ id: "TrainingRequest" });
/** See {@link trainingRequestSchema}. */
export type TrainingRequest = z.input<typeof trainingRequestSchema>;

/** Measured on data that was held out; null if it was not finite. */
const metrics = z.record(z.string(), z.number().nullable());

/** A training, read back from its folder. */
export const trainingSchema = z
  .object({
    name: trainingName,
    kind: z.enum(trainingKinds),
    state: z.enum(["waiting", "running", "stopping", "stopped", "finished", "failed"]),
    created: z.iso.datetime(),
    step: z.number().int(),
    steps: z.number().int().optional().meta({ description: "of the whole training, if known" }),
    epoch: z.number().optional(),
    loss: z.number().optional(),
    secondsLeft: z.number().optional(),
    metrics: metrics.optional().meta({ description: "of the last validation" }),
    message: z.string().optional().meta({
      description: "the last line that the program wrote: what it does, or why it failed",
    }),
  })
  .meta({ id: "Training" });
/** See {@link trainingSchema}. */
export type Training = z.output<typeof trainingSchema>;

/** `GET /v1/trainings`: the newest first. */
export const trainingsSchema = z
  .object({ trainings: z.array(trainingSchema) })
  .meta({ id: "Trainings" });
/** See {@link trainingsSchema}. */
export type Trainings = z.output<typeof trainingsSchema>;

/** `POST /v1/trainings/:name/data`: what the data has after it, as paths for `data` of a request. */
export const trainingDataSchema = z
  .object({ files: z.array(z.string()) })
  .meta({ id: "TrainingData" });
/** See {@link trainingDataSchema}. */
export type TrainingData = z.output<typeof trainingDataSchema>;

/** The server-sent events of `GET /v1/trainings/:name/events`: those so far, then as they happen. */
export const trainingEventSchemas = {
  step: z
    .object({
      step: z.number().int(),
      epoch: z.number(),
      loss: z.number(),
      learningRate: z.number(),
      gradientNorm: z.number().optional(),
      totalSteps: z.number().optional(),
      secondsLeft: z.number().optional(),
    })
    .meta({ id: "TrainingStep" }),
  validation: z
    .object({
      step: z.number().int(),
      epoch: z.number(),
      metrics,
      examples: z
        .array(z.object({ input: z.string(), expected: z.string(), output: z.string() }))
        .optional(),
    })
    .meta({ id: "TrainingValidation" }),
  state: trainingSchema,
} as const;
/** See {@link trainingEventSchemas}. */
export type TrainingEvents = {
  readonly [Name in keyof typeof trainingEventSchemas]: z.output<
    (typeof trainingEventSchemas)[Name]
  >;
};
