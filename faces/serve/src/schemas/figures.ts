import { z } from "zod";

const whole = (least: number, most: number, usual: number) =>
  z.number().int().min(least).max(most).default(usual);
const vector = z.array(z.number());
const matrix = z.array(vector);
/** For each layer and head, `[queries][positions]`. */
const heads = z.array(z.array(matrix));
/** Norms and losses; null where they are no longer finite. */
const curve = z.array(z.number().nullable());
/** Which of the shipped translators. */
const languages = { from: z.string().max(20).default("en"), to: z.string().max(20).default("de") };
const sentence = (usual: string) => z.string().trim().min(1).max(400).default(usual);

const alignment = z.object({
  source: z.array(z.string()),
  target: z.array(z.string()),
  /** A row for each target token, which sums to 1. */
  weights: matrix,
});

/** The figures, in the order of the road from the vanilla network to the Transformer. */
export const figureNames = [
  "unrolled-network",
  "gradient-through-time",
  "lstm-gates",
  "attention-or-none",
  "positional-encodings",
  "transformer-heads",
  "beam-search",
] as const;

/** A figure's name. */
export type FigureName = (typeof figureNames)[number];

/** What each figure is made from, and what it shows. */
export const figureSchemas = {
  "unrolled-network": {
    input: z.strictObject({
      word: z.string().min(2).max(20).default("hello"),
      units: whole(1, 16, 3),
      /** Updates of the training. */
      updates: whole(0, 300, 100),
      seed: whole(0, 1e6, 1),
    }),
    data: z.object({
      /** The alphabet: what a prediction is a distribution over. */
      letters: z.array(z.string()),
      /** Mean cross-entropy a letter, in nats, before each update and after the last. */
      losses: vector,
      steps: z.array(
        z.object({
          input: z.string(),
          target: z.string(),
          hidden: vector,
          /** A probability for each of the letters. */
          predictions: vector,
        }),
      ),
      weights: z.object({ input: matrix, recurrent: matrix, output: matrix }),
      /** What the network writes, from the word's first letter. */
      written: z.string(),
    }),
  },
  "lstm-gates": {
    input: z.strictObject({
      text: z
        .string()
        .min(1)
        .max(300)
        .default("JULIET:\nO Romeo, Romeo! wherefore art thou Romeo?\n"),
      layer: whole(1, 3, 1),
      /** How many units to show: those whose cell changes most. */
      units: whole(1, 32, 8),
    }),
    data: z.object({
      characters: z.array(z.string()),
      units: z.array(
        z.object({
          unit: z.number(),
          input: vector,
          forget: vector,
          output: vector,
          candidate: vector,
          cell: vector,
          hidden: vector,
        }),
      ),
      /** Of all units of the layer, by character. */
      means: z.object({ input: vector, forget: vector, output: vector }),
      /** The likeliest next characters after each. */
      predictions: z.array(z.array(z.object({ character: z.string(), probability: z.number() }))),
    }),
  },
  "gradient-through-time": {
    input: z.strictObject({
      task: z.enum(["adding", "copy"]).default("adding"),
      /** Steps to remember over. */
      length: whole(4, 60, 30),
      updates: whole(1, 200, 40),
      units: whole(2, 64, 32),
      clipNorm: z.number().positive().max(1000).default(1),
      seed: whole(0, 1e6, 1),
    }),
    data: z.object({
      /** Untrained vanilla networks: the norm of the gradient by each hidden state, from the first. */
      starts: z.array(z.object({ scale: z.number(), norms: curve })),
      networks: z.array(
        z.object({
          name: z.string(),
          /** Null without clipping. */
          clipNorm: z.number().nullable(),
          before: curve,
          after: curve,
          losses: curve,
          /** Of each update's gradient, before clipping. */
          gradientNorms: curve,
          divergedAt: z.number().nullable(),
        }),
      ),
      /** The loss of the best answer without memory. */
      baseline: z.number(),
    }),
  },
  "attention-or-none": {
    input: z.strictObject({
      text: sentence(
        "A man in a blue shirt is standing on a ladder and cleaning a window of a house.",
      ),
      ...languages,
      updates: whole(1, 500, 200),
      seed: whole(0, 1e6, 1),
    }),
    data: z.object({
      /** The attention of a shipped translator. */
      alignment,
      /** Two networks that learned to repeat short sequences, on longer ones. */
      copying: z.object({
        /** Sequences of up to this length were learned. */
        learned: z.number(),
        lengths: vector,
        /** The share of letters that each repeats, by length. */
        attention: vector,
        none: vector,
        /** The attention of the first network on a sequence of the longest learned length. */
        alignment,
        losses: z.object({ attention: curve, none: curve }),
      }),
    }),
  },
  "positional-encodings": {
    input: z.strictObject({
      positions: whole(2, 200, 50),
      size: z.number().int().min(2).max(256).multipleOf(2).default(64),
    }),
    data: z.object({
      /** A row for each position: sines, then cosines. */
      encodings: matrix,
      /** Each two positions' product, divided by that of a position with itself. */
      similarities: matrix,
      /** Of each pair of dimensions, in positions. */
      wavelengths: vector,
    }),
  },
  "transformer-heads": {
    input: z.strictObject({ text: sentence("Two dogs play in the snow."), ...languages }),
    data: z.object({
      source: z.array(z.string()),
      /** What the decoder reads: the start, then its own words. */
      target: z.array(z.string()),
      translation: z.string(),
      /** The source's attention to itself. */
      encoder: heads,
      /** The translation's attention to the source. */
      cross: heads,
    }),
  },
  "beam-search": {
    input: z.strictObject({
      text: sentence("A man rides a horse."),
      ...languages,
      beamWidth: whole(1, 8, 3),
    }),
    data: z.object({
      /** The root, then the nodes of each step; a node comes after its parent. */
      nodes: z.array(
        z.object({
          parent: z.number().nullable(),
          token: z.string(),
          step: z.number(),
          probability: z.number(),
          /** The sum from the root. */
          logProbability: z.number(),
          fate: z.enum(["followed", "ended", "dropped"]),
        }),
      ),
      /** Best first. */
      hypotheses: z.array(
        z.object({
          text: z.string(),
          logProbability: z.number(),
          /** With the length penalty. */
          score: z.number(),
          /** The index of its last node. */
          node: z.number(),
        }),
      ),
      lengthPenalty: z.number(),
    }),
  },
} as const satisfies Record<FigureName, { input: z.ZodObject; data: z.ZodObject }>;

/** What a figure is made from, with every default. */
export type FigureInput<Name extends FigureName> = z.output<(typeof figureSchemas)[Name]["input"]>;
/** What a figure shows. */
export type FigureData<Name extends FigureName> = z.output<(typeof figureSchemas)[Name]["data"]>;

/** What is said about a figure. */
export const aboutFigureSchema = z
  .object({
    name: z.enum(figureNames),
    title: z.string(),
    equation: z.string().meta({ description: "TeX" }),
    paper: z.object({ title: z.string(), url: z.url() }),
    file: z.string().meta({ description: "what computes it, a path in the repository" }),
  })
  .meta({ id: "AboutFigure" });
/** See {@link aboutFigureSchema}. */
export type AboutFigure = z.output<typeof aboutFigureSchema>;

/** `GET /v1/figures`. */
export const figuresSchema = z
  .object({ figures: z.array(aboutFigureSchema) })
  .meta({ id: "Figures" });
/** See {@link figuresSchema}. */
export type Figures = z.output<typeof figuresSchema>;

/** `POST /v1/figures/:name`: what is said about a figure, and what it shows. */
export const figureSchema = aboutFigureSchema
  .extend({ data: z.looseObject({}).meta({ description: "depends on the figure" }) })
  .meta({ id: "Figure" });
/** See {@link figureSchema}. */
export type Figure<Name extends FigureName> = AboutFigure & { readonly data: FigureData<Name> };

/** The server-sent events of a figure that is computed step by step. */
export const figureEventSchemas = {
  progress: z.object({ done: z.number(), total: z.number() }).meta({ id: "FigureProgress" }),
  figure: figureSchema,
} as const;
