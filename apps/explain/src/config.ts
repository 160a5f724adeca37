import { parseConfig } from "@attend/runtime/config";
import { z } from "zod";

export const taskNames = ["adding", "copy"] as const;
/** A task to train networks on. */
export type TaskName = (typeof taskNames)[number];

export type CellName = "rnn" | "lstm" | "gru";

/** The gates' initial biases: for the sequence length, or the usual ones. */
export const gateStarts = ["chrono", "usual"] as const;

/** A kind of network: its cell, initial weights and optimizer. */
export interface NetworkKind {
  readonly name: string;
  readonly cell: CellName;
  /** Initial scale of a vanilla network's orthogonal recurrent kernel. */
  readonly scale?: number;
  readonly optimizer: { readonly name: "adam" | "sgd"; readonly learningRate: number };
}

const adam = { name: "adam", learningRate: 0.01 } as const;

/**
 * The vanilla network whose gradients explode is trained by plain gradient descent, as
 * in Pascanu, Mikolov & Bengio 2013: Adam divides a gradient by its usual size, which hides the explosion.
 */
export const exploding: NetworkKind = {
  name: "vanilla x1.5, SGD",
  cell: "rnn",
  scale: 1.5,
  optimizer: { name: "sgd", learningRate: 0.1 },
};

/** The networks to compare. */
export const networkKinds: readonly NetworkKind[] = [
  exploding,
  { name: "vanilla", cell: "rnn", optimizer: adam },
  { name: "LSTM", cell: "lstm", optimizer: adam },
  { name: "GRU", cell: "gru", optimizer: adam },
];

/** Scales of the orthogonal recurrent kernel for the measurements before training. */
export const startScales = [0.7, 1, 1.5, 2] as const;

/** Sequences per update. */
export const batchSize = 32;

export const lengthRange = { min: 4, max: 2000 };

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const gradientOptionsSchema = z.strictObject({
  tasks: z
    .array(z.enum(taskNames))
    .min(1)
    .refine(distinct, "each value once")
    .default([...taskNames]),
  /** Number of steps to remember over. */
  lengths: z
    .array(z.number().int().min(lengthRange.min).max(lengthRange.max))
    .min(1)
    .refine(distinct, "each value once")
    .default([20, 60, 120]),
  /** Updates per network. */
  steps: z.number().int().min(1).default(500),
  units: z.number().int().min(1).default(64),
  seed: z.number().int().nonnegative().default(1),
  /** Maximum global norm of clipped gradients. */
  clipNorm: z.number().positive().default(1),
  gates: z.enum(gateStarts).default("chrono"),
});

/** The options of a study, with every default filled in. */
export type GradientOptions = z.output<typeof gradientOptionsSchema>;
/** The options of a study; those with a default can be omitted. */
export type GradientOptionsInput = z.input<typeof gradientOptionsSchema>;

/** @throws AttendError BAD_ARGUMENT, one line that names each invalid option */
export function parseGradientOptions(options: GradientOptionsInput): GradientOptions {
  return parseConfig(gradientOptionsSchema, options, "gradients", { code: "BAD_ARGUMENT" });
}
