/*
 * What requests may have. Without zod, so that the page, which needs it too, is small.
 */

/** Of texts, in characters. */
export const maxLengths = { message: 2000, question: 1000, translation: 20_000 } as const;

/** A number that a figure is made from. */
export interface NumberInput {
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  /** What it is a multiple of; default 1. */
  readonly step?: number | "any";
}

/** A text that a figure is made from. */
export interface TextInput {
  readonly usual: string;
  /** In characters; default 1. */
  readonly minLength?: number;
  readonly maxLength: number;
}

const sentence = (usual: string): TextInput => ({ usual, maxLength: 400 });
const seed = { usual: 1, min: 0, max: 1e6 };

/** What each figure is made from. */
export const figureInputs = {
  "unrolled-network": {
    word: { usual: "hello", minLength: 2, maxLength: 20 },
    units: { usual: 3, min: 1, max: 16 },
    /** Of the training. */
    updates: { usual: 100, min: 0, max: 300 },
    seed,
  },
  "gradient-through-time": {
    /** Steps to remember over. */
    length: { usual: 30, min: 4, max: 60 },
    updates: { usual: 40, min: 1, max: 200 },
    units: { usual: 32, min: 2, max: 64 },
    clipNorm: { usual: 1, min: 0.01, max: 1000, step: "any" },
    seed,
  },
  "lstm-gates": {
    text: { usual: "O Romeo, Romeo! wherefore art thou Romeo?", maxLength: 300 },
    layer: { usual: 1, min: 1, max: 3 },
    /** How many to show: those whose cell changes most. */
    units: { usual: 8, min: 1, max: 32 },
  },
  "attention-or-none": {
    text: sentence(
      "A man in a blue shirt is standing on a ladder and cleaning a window of a house.",
    ),
    updates: { usual: 200, min: 1, max: 500 },
    seed,
  },
  "positional-encodings": {
    positions: { usual: 50, min: 2, max: 100 },
    size: { usual: 64, min: 2, max: 128, step: 2 },
  },
  "transformer-heads": { text: sentence("Two dogs play in the snow.") },
  "beam-search": {
    text: sentence("A man rides a horse."),
    beamWidth: { usual: 3, min: 1, max: 8 },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, NumberInput | TextInput>>>>;
