import { z } from "zod";

/** What can be trained: the program that does it is named by the kind. */
export const trainingKinds = ["caption", "translate", "vqa", "chat"] as const;

/** The folder of a training, by its name below the folder of trainings. */
export const trainingName = z
  .string()
  .regex(/^[\w][\w.-]{0,63}$/)
  .meta({ description: "letters, figures, _, . and -" });

/**
 * `POST /v1/trainings`. The data are the options of the program's `train` command that name files (`photos`, `captions`,
 * `pairs`, `questions`, `faq`, ...); so are the options.
 */
export const trainingRequestSchema = z
  .object({
    kind: z.enum(trainingKinds),
    name: trainingName,
    data: z.record(z.string(), z.string().max(1000)),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .meta({ id: "TrainingRequest" });
/** See {@link trainingRequestSchema}. */
export type TrainingRequest = z.input<typeof trainingRequestSchema>;

/** Measured on data that was held out. */
const metrics = z.record(z.string(), z.number().nullable());

/** A training, read back from its folder. */
export const trainingSchema = z
  .object({
    name: trainingName,
    kind: z.enum(trainingKinds),
    state: z.enum(["running", "stopped", "finished", "failed"]),
    step: z.number().int(),
    steps: z.number().int().optional().meta({ description: "of the whole training, if known" }),
    epoch: z.number().optional(),
    loss: z.number().optional(),
    secondsLeft: z.number().optional(),
    metrics: metrics.optional().meta({ description: "of the last validation" }),
    message: z.string().optional().meta({ description: "why it failed, or its last line" }),
  })
  .meta({ id: "Training" });
/** See {@link trainingSchema}. */
export type Training = z.output<typeof trainingSchema>;

/** `GET /v1/trainings`. */
export const trainingsSchema = z
  .object({ trainings: z.array(trainingSchema) })
  .meta({ id: "Trainings" });
/** See {@link trainingsSchema}. */
export type Trainings = z.output<typeof trainingsSchema>;

/** The server-sent events of `GET /v1/trainings/:name/events`: those so far, then as they happen. */
export const trainingEventSchemas = {
  step: z
    .object({
      step: z.number().int(),
      epoch: z.number(),
      loss: z.number(),
      learningRate: z.number(),
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
