import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";

export const taskNames = ["adding", "copy"] as const;
/** A task that networks are trained on. */
export type TaskName = (typeof taskNames)[number];

export type CellName = "rnn" | "lstm" | "gru";

/** How the gates' biases start: for the length of the sequence, or as everywhere else. */
export const gateStarts = ["chrono", "usual"] as const;

/** What is trained: a cell, how it starts and how its weights move. */
export interface NetworkKind {
  readonly name: string;
  readonly cell: CellName;
  /** What a vanilla network's orthogonal recurrent kernel is multiplied with at first. */
  readonly scale?: number;
  readonly optimizer: { readonly name: "adam" | "sgd"; readonly learningRate: number };
}

const adam = { name: "adam", learningRate: 0.01 } as const;

/**
 * The vanilla network that starts with gradients that explode is trained by plain gradient descent, as
 * in Pascanu, Mikolov & Bengio 2013: Adam divides a gradient by its usual size, which hides it.
 */
export const exploding: NetworkKind = {
  name: "vanilla x1.5, SGD",
  cell: "rnn",
  scale: 1.5,
  optimizer: { name: "sgd", learningRate: 0.1 },
};

/** Networks that are compared. */
export const networkKinds: readonly NetworkKind[] = [
  exploding,
  { name: "vanilla", cell: "rnn", optimizer: adam },
  { name: "LSTM", cell: "lstm", optimizer: adam },
  { name: "GRU", cell: "gru", optimizer: adam },
];

/** What an orthogonal recurrent kernel is multiplied with where only the start is measured. */
export const startScales = [0.7, 1, 1.5, 2] as const;

/** Sequences of an update. */
export const batchSize = 32;

export const lengthRange = { min: 4, max: 2000 };

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const gradientOptionsSchema = z.strictObject({
  tasks: z
    .array(z.enum(taskNames))
    .min(1)
    .refine(distinct, "each once")
    .default([...taskNames]),
  /** Steps over which something has to be remembered. */
  lengths: z
    .array(z.number().int().min(lengthRange.min).max(lengthRange.max))
    .min(1)
    .refine(distinct, "each once")
    .default([20, 60, 120]),
  /** Updates of each training. */
  steps: z.number().int().min(1).default(500),
  units: z.number().int().min(1).default(64),
  seed: z.number().int().nonnegative().default(1),
  /** The largest global norm of a gradient, where it is clipped. */
  clipNorm: z.number().positive().default(1),
  gates: z.enum(gateStarts).default("chrono"),
});

/** What is studied, with every default filled in. */
export type GradientOptions = z.output<typeof gradientOptionsSchema>;
/** What is to be studied as it is written: what has a default may be absent. */
export type GradientOptionsInput = z.input<typeof gradientOptionsSchema>;

/** @throws AttendError BAD_ARGUMENT, one line that names each wrong option */
export function parseGradientOptions(options: GradientOptionsInput): GradientOptions {
  return parseConfig(gradientOptionsSchema, options, "gradients", { code: "BAD_ARGUMENT" });
}
