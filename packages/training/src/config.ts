import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).lt(1);

const oneMetric = {
  /** A key of the metrics that `validate` returns. */
  metric: z.string(),
  /** Whether the largest or the smallest value is best. */
  mode: z.enum(["max", "min"]),
};

const metricSchema = {
  ...oneMetric,
  /** Breaks ties: a BLEU of 0 says nothing, but a loss does. */
  tie: z.strictObject(oneMetric).optional(),
};

const adamSchema = {
  learningRate: positive,
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: positive.default(1e-8),
  weightDecay: z.number().nonnegative().default(0),
};

const optimizerSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("adam"), ...adamSchema }),
  z.strictObject({ name: z.literal("adamw"), ...adamSchema }),
  z.strictObject({
    name: z.literal("sgd"),
    learningRate: positive,
    momentum: share.default(0),
    weightDecay: z.number().nonnegative().default(0),
  }),
]);

const warmupSteps = z.number().int().nonnegative().default(0);
const minLearningRateRatio = z.number().min(0).max(1).default(0);

const scheduleSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("constant"), warmupSteps }),
  z.strictObject({ name: z.literal("cosine"), warmupSteps, minLearningRateRatio }),
  z.strictObject({ name: z.literal("linear"), warmupSteps, minLearningRateRatio }),
  z.strictObject({ name: z.literal("inverse-sqrt"), warmupSteps: count }),
  z.strictObject({
    name: z.literal("plateau"),
    warmupSteps,
    minLearningRateRatio,
    ...metricSchema,
    /** The learning rate is multiplied by this after more than `patience` validations without a new best. */
    factor: z.number().gt(0).lt(1).default(0.1),
    patience: z.number().int().nonnegative().default(10),
  }),
]);

const parameterGroupSchema = z.strictObject({
  /**
   * The source of a regular expression that matches from the start of a parameter's name, such as a plain
   * prefix (`encoder.`). A parameter belongs to the first group that matches.
   */
  pattern: z.string().refine(isPattern, "is not a regular expression"),
  learningRateScale: z.number().nonnegative().default(1),
  /** Overrides the optimizer's. */
  weightDecay: z.number().nonnegative().optional(),
  /** Not trained: no gradient, no update. */
  frozen: z.boolean().default(false),
});

/** The configuration of a training, as plain JSON. */
const trainingConfigSchema = z
  .strictObject({
    seed: z.number().int().nonnegative().default(1),
    /** Training ends after this many epochs, updates or seconds, whichever comes first. */
    epochs: count.optional(),
    maxSteps: count.optional(),
    /** Wall time of all runs together. Schedules then depend on the clock, and so do the weights. */
    maxSeconds: positive.optional(),
    optimizer: optimizerSchema,
    schedule: scheduleSchema.default({ name: "constant", warmupSteps: 0 }),
    /** Largest global norm of the gradient, which is scaled down to it. */
    clipNorm: positive.optional(),
    /** Alternatively, the largest magnitude of each element of the gradient. */
    clipValue: positive.optional(),
    /** Alternatively, the largest norm of each parameter's gradient. */
    clipParameterNorm: positive.optional(),
    /** Batches per update: their gradients are averaged, weighted by their `items`. */
    accumulate: count.default(1),
    /** An exponential moving average of the weights, updated every `every` updates. */
    ema: z.strictObject({ decay: share, every: count.default(1) }).optional(),
    validateEvery: z
      .union([z.strictObject({ epochs: count }), z.strictObject({ steps: count })])
      .default({ epochs: 1 }),
    /** Ends the training after `patience` validations without a new best. */
    earlyStopping: z.strictObject({ ...metricSchema, patience: count }).optional(),
    /** Keeps the weights of the best validation in best.safetensors. */
    keepBest: z.strictObject(metricSchema).optional(),
    /** Checkpoints are also written after every validation and at the end. */
    checkpointEvery: z
      .strictObject({ steps: count.optional(), seconds: positive.optional() })
      .default({ seconds: 600 }),
    logEvery: count.default(1),
    /** Writes TensorBoard event files. */
    tensorboard: z.boolean().default(true),
    parameterGroups: z.array(parameterGroupSchema).default([]),
  })
  .refine((config) => (config.epochs ?? config.maxSteps ?? config.maxSeconds) !== undefined, {
    message: "give epochs, maxSteps or maxSeconds",
    path: ["epochs"],
  })
  .refine(
    ({ clipNorm, clipValue, clipParameterNorm }) =>
      [clipNorm, clipValue, clipParameterNorm].filter((clip) => clip !== undefined).length < 2,
    { message: "give one of clipNorm, clipValue and clipParameterNorm", path: ["clipNorm"] },
  );

/** A training's configuration with all defaults filled in. */
export type TrainingConfig = z.output<typeof trainingConfigSchema>;
/** A training's configuration as a user writes it: keys with a default may be absent. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;
export type OptimizerConfig = TrainingConfig["optimizer"];
export type AdamConfig = Extract<OptimizerConfig, { beta1: number }>;
export type SgdConfig = Extract<OptimizerConfig, { name: "sgd" }>;
export type ScheduleConfig = TrainingConfig["schedule"];
/** A metric to watch, and one that breaks ties. */
export type Watched = NonNullable<TrainingConfig["keepBest"]>;

/**
 * The schema of a training whose validation returns `metrics`: watching any other is an error. The best
 * weights are always kept, by `best` if the config does not say. The `tie` of `best` applies to everything
 * that watches the same metric without a `tie`.
 */
export function trainingConfigWatching(metrics: readonly string[], best: Watched) {
  const withTie = <Each extends Watched>(watched: Each): Each =>
    best.tie !== undefined && watched.metric === best.metric
      ? { ...watched, tie: watched.tie ?? best.tie }
      : watched;
  return trainingConfigSchema
    .superRefine(({ keepBest, earlyStopping, schedule }, { addIssue }) => {
      for (const [key, watcher] of Object.entries({ keepBest, earlyStopping, schedule })) {
        if (watcher === undefined || !("metric" in watcher)) continue;
        const { metric, tie } = watcher;
        const named = { [`${key}.metric`]: metric, [`${key}.tie.metric`]: tie?.metric ?? metric };
        const unknown = Object.entries(named).find(([, name]) => !metrics.includes(name));
        if (unknown === undefined) continue;
        const message = `"${unknown[1]}" is not one of ${metrics.join(", ")}`;
        addIssue({ code: "custom", path: unknown[0].split("."), message });
      }
    })
    .transform(({ keepBest = best, earlyStopping, schedule, ...rest }) => ({
      ...rest,
      keepBest: withTie(keepBest),
      ...(earlyStopping && { earlyStopping: withTie(earlyStopping) }),
      schedule: schedule.name === "plateau" ? withTie(schedule) : schedule,
    }));
}

/** Parses a training's configuration, see {@link parseConfig}. */
export function parseTrainingConfig(config: unknown, source: string): TrainingConfig {
  return parseConfig(trainingConfigSchema, config, source);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
