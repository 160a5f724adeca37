import type { FigureData, FigureName } from "@attend/serve/schemas";
import type { ComponentType } from "react";
import { AttentionOrNone } from "./attention-or-none.tsx";
import { BeamTree } from "./beam-tree.tsx";
import { GradientThroughTime } from "./gradient-through-time.tsx";
import { LstmGates } from "./lstm-gates.tsx";
import { PositionalEncodings } from "./positional-encodings.tsx";
import { TransformerHeads } from "./transformer-heads.tsx";
import { UnrolledNetwork } from "./unrolled-network.tsx";

/** Pictures of what was computed, in the order of the road. */
export const pictures: {
  readonly [Name in FigureName]: ComponentType<{ readonly data: FigureData<Name> }>;
} = {
  "unrolled-network": UnrolledNetwork,
  "gradient-through-time": GradientThroughTime,
  "lstm-gates": LstmGates,
  "attention-or-none": AttentionOrNone,
  "positional-encodings": PositionalEncodings,
  "transformer-heads": TransformerHeads,
  "beam-search": BeamTree,
};

export const figureNames = Object.keys(pictures).filter(isFigureName);

export function isFigureName(name: string): name is FigureName {
  return Object.hasOwn(pictures, name);
}
