import type { z } from "zod";
import { type FigureInput, type FigureName, figureSchemas } from "../schemas/figures.ts";
import type { Compute, FigureContext } from "./figure.ts";

/**
 * The computations, by the figure's name. Each loads what it needs on its first use.
 *
 * @throws ZodError if the input does not fit the figure's schema; what a {@link Compute} throws
 */
export const figures: Readonly<
  Record<FigureName, (input: unknown, context?: FigureContext) => Promise<object>>
> = {
  "unrolled-network": figure<"unrolled-network">(
    figureSchemas["unrolled-network"].input,
    async () => (await import("./unrolled-network.ts")).unrolledNetwork,
  ),
  "gradient-through-time": figure<"gradient-through-time">(
    figureSchemas["gradient-through-time"].input,
    async () => (await import("./gradient-through-time.ts")).gradientThroughTime,
  ),
  "lstm-gates": figure<"lstm-gates">(
    figureSchemas["lstm-gates"].input,
    async () => (await import("./lstm-gates.ts")).lstmGates,
  ),
  "attention-or-none": figure<"attention-or-none">(
    figureSchemas["attention-or-none"].input,
    async () => (await import("./attention-or-none.ts")).attentionOrNone,
  ),
  "positional-encodings": figure<"positional-encodings">(
    figureSchemas["positional-encodings"].input,
    async () => (await import("./positional-encodings.ts")).positionalEncodings,
  ),
  "transformer-heads": figure<"transformer-heads">(
    figureSchemas["transformer-heads"].input,
    async () => (await import("./transformer-heads.ts")).transformerHeads,
  ),
  "beam-search": figure<"beam-search">(
    figureSchemas["beam-search"].input,
    async () => (await import("./beam-search.ts")).beamTree,
  ),
};

function figure<Name extends FigureName>(
  schema: z.ZodType<FigureInput<Name>>,
  load: () => Promise<Compute<Name>>,
) {
  return async (input: unknown, context?: FigureContext) =>
    (await load())(schema.parse(input), context);
}
