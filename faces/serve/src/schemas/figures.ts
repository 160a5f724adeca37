import { z } from "zod";
import { figureInputs, type NumberInput, type TextInput } from "../inputs.ts";

const number = ({ usual, min, max, step = 1 }: NumberInput) =>
  (step === "any" ? z.number() : z.number().int().multipleOf(step))
    .min(min)
    .max(max)
    .default(usual);
const text = ({ usual, minLength = 1, maxLength }: TextInput) =>
  z.string().min(minLength).max(maxLength).default(usual);
const sentence = ({ usual, maxLength }: TextInput) =>
  z.string().trim().min(1).max(maxLength).default(usual);
const vector = z.array(z.number());
const matrix = z.array(vector);
/** For each layer and head, `[queries][positions]`. */
const heads = z.array(z.array(matrix));
/** Norms and losses; null where they are no longer finite. */
const curve = z.array(z.number().nullable());
/** Which of the shipped translators. */
const languages = { from: z.string().max(20).default("en"), to: z.string().max(20).default("de") };

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
      word: text(figureInputs["unrolled-network"].word),
      units: number(figureInputs["unrolled-network"].units),
      updates: number(figureInputs["unrolled-network"].updates),
      seed: number(figureInputs["unrolled-network"].seed),
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
      text: text(figureInputs["lstm-gates"].text),
      layer: number(figureInputs["lstm-gates"].layer),
      units: number(figureInputs["lstm-gates"].units),
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
      length: number(figureInputs["gradient-through-time"].length),
      updates: number(figureInputs["gradient-through-time"].updates),
      units: number(figureInputs["gradient-through-time"].units),
      clipNorm: number(figureInputs["gradient-through-time"].clipNorm),
      seed: number(figureInputs["gradient-through-time"].seed),
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
      text: sentence(figureInputs["attention-or-none"].text),
      ...languages,
      updates: number(figureInputs["attention-or-none"].updates),
      seed: number(figureInputs["attention-or-none"].seed),
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
      positions: number(figureInputs["positional-encodings"].positions),
      size: number(figureInputs["positional-encodings"].size),
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
    input: z.strictObject({
      text: sentence(figureInputs["transformer-heads"].text),
      ...languages,
    }),
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
      text: sentence(figureInputs["beam-search"].text),
      ...languages,
      beamWidth: number(figureInputs["beam-search"].beamWidth),
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
