import { z } from "zod";

/** The figures of the Learn tab. */
export const figureNames = [
  "unrolled-network",
  "lstm-gates",
  "gradient-through-time",
  "attention-or-none",
  "positional-encodings",
  "transformer-heads",
  "beam-search",
] as const;
/** A figure's name. */
export type FigureName = (typeof figureNames)[number];

/** Where a figure is from. */
export const figureSourceSchema = z
  .object({
    equation: z.string().meta({ description: "as MathML or plain text" }),
    paper: z.string(),
    file: z.string().meta({ description: "the path of the file that computes it" }),
  })
  .meta({ id: "FigureSource" });
/** See {@link figureSourceSchema}. */
export type FigureSource = z.output<typeof figureSourceSchema>;
