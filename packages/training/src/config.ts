import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";

const positive = z.number().positive();
const count = z.number().int().positive();
const share = z.number().min(0).lt(1);

const oneMetric = {
  /** A key of what `validate` gives. */
  metric: z.string(),
  /** Whether the largest or the smallest value is the best. */
  mode: z.enum(["max", "min"]),
};

const metricSchema = {
  ...oneMetric,
  /** Decides between equal values: a BLEU of 0 says nothing, a loss does. */
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
    /** What the rate is multiplied by after more than `patience` validations without a best. */
    factor: z.number().gt(0).lt(1).default(0.1),
    patience: z.number().int().nonnegative().default(10),
  }),
]);

const parameterGroupSchema = z.strictObject({
  /**
   * The source of a regular expression, which must match from the start of a parameter's name; a
   * plain prefix (`encoder.`) is one. The first group that matches a parameter is its group.
   */
  pattern: z.string().refine(isPattern, "is not a regular expression"),
  learningRateScale: z.number().nonnegative().default(1),
  /** In place of the optimizer's. */
  weightDecay: z.number().nonnegative().optional(),
  /** Not trained at all: no gradient, no update. */
  frozen: z.boolean().default(false),
});

/** How to train; plain JSON. */
const trainingConfigSchema = z
  .strictObject({
    seed: z.number().int().nonnegative().default(1),
    /** Training ends after this many epochs, updates or seconds, whichever is first. */
    epochs: count.optional(),
    maxSteps: count.optional(),
    /** Of wall time, all runs together. A schedule follows the clock then, and so do the weights. */
    maxSeconds: positive.optional(),
    optimizer: optimizerSchema,
    schedule: scheduleSchema.default({ name: "constant", warmupSteps: 0 }),
    /** The gradient's global norm is scaled down to this where it is larger. */
    clipNorm: positive.optional(),
    /** Instead: each element of the gradient is kept within plus and minus this. */
    clipValue: positive.optional(),
    /** Instead: the norm of each parameter's gradient is scaled down to this where it is larger. */
    clipParameterNorm: positive.optional(),
    /** Batches an update: their gradients are averaged, weighted by their `items`. */
    accumulate: count.default(1),
    /** An exponential moving average of the weights, brought up to date after `every` updates. */
    ema: z.strictObject({ decay: share, every: count.default(1) }).optional(),
    validateEvery: z
      .union([z.strictObject({ epochs: count }), z.strictObject({ steps: count })])
      .default({ epochs: 1 }),
    /** Ends the training after `patience` validations without a best. */
    earlyStopping: z.strictObject({ ...metricSchema, patience: count }).optional(),
    /** Keeps the weights of the best validation in best.safetensors. */
    keepBest: z.strictObject(metricSchema).optional(),
    /** A checkpoint is written besides after every validation and at the end. */
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

/** A training's configuration with every default filled in. */
export type TrainingConfig = z.output<typeof trainingConfigSchema>;
/** A training's configuration as it is written: what has a default may be absent. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;
export type OptimizerConfig = TrainingConfig["optimizer"];
export type AdamConfig = Extract<OptimizerConfig, { beta1: number }>;
export type SgdConfig = Extract<OptimizerConfig, { name: "sgd" }>;
export type ScheduleConfig = TrainingConfig["schedule"];
/** What is watched: a metric, and one that decides where it is equal. */
export type Watched = NonNullable<TrainingConfig["keepBest"]>;

/**
 * The schema of a training whose validation gives these metrics: to watch another one is a fault, and
 * the best weights are always kept, by `best` where the config does not say. Its `tie` holds for whatever
 * watches the same metric without one.
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
        const wrong = Object.entries(named).find(([, name]) => !metrics.includes(name));
        if (wrong === undefined) continue;
        const message = `"${wrong[1]}" is none of ${metrics.join(", ")}`;
        addIssue({ code: "custom", path: wrong[0].split("."), message });
      }
    })
    .transform(({ keepBest = best, earlyStopping, schedule, ...rest }) => ({
      ...rest,
      keepBest: withTie(keepBest),
      ...(earlyStopping && { earlyStopping: withTie(earlyStopping) }),
      schedule: schedule.name === "plateau" ? withTie(schedule) : schedule,
    }));
}

/** See {@link parseConfig}. */
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
