import type { FigureData, FigureName } from "@attend/serve/schemas";
import type { ComponentType } from "react";
import { AttentionOrNone } from "./attention-or-none.tsx";
import { BeamTree } from "./beam-tree.tsx";
import { GradientThroughTime } from "./gradient-through-time.tsx";
import { LstmGates } from "./lstm-gates.tsx";
import { PositionalEncodings } from "./positional-encodings.tsx";
import { TransformerHeads } from "./transformer-heads.tsx";
import { UnrolledNetwork } from "./unrolled-network.tsx";

/** What the reader may change of a figure. */
export type FigureField =
  | { readonly name: FieldName; readonly usual: string; readonly maxLength: number }
  | {
      readonly name: FieldName;
      readonly usual: number;
      readonly min: number;
      readonly max: number;
      readonly step?: number;
    };
type FieldName =
  | "word"
  | "text"
  | "units"
  | "updates"
  | "length"
  | "clipNorm"
  | "positions"
  | "size"
  | "beamWidth"
  | "layer";

interface FigureView<Name extends FigureName> {
  readonly fields: readonly FigureField[];
  readonly Picture: ComponentType<{ readonly data: FigureData<Name> }>;
}

/** In the order of the road. */
export const figures: { readonly [Name in FigureName]: FigureView<Name> } = {
  "unrolled-network": {
    fields: [
      { name: "word", usual: "hello", maxLength: 20 },
      { name: "units", usual: 3, min: 1, max: 16 },
      { name: "updates", usual: 100, min: 0, max: 300 },
    ],
    Picture: UnrolledNetwork,
  },
  "gradient-through-time": {
    fields: [
      { name: "length", usual: 30, min: 4, max: 60 },
      { name: "updates", usual: 40, min: 1, max: 200 },
      { name: "clipNorm", usual: 1, min: 0.01, max: 1000, step: 0.01 },
    ],
    Picture: GradientThroughTime,
  },
  "lstm-gates": {
    fields: [
      { name: "text", usual: "O Romeo, Romeo! wherefore art thou Romeo?", maxLength: 300 },
      { name: "layer", usual: 1, min: 1, max: 3 },
      { name: "units", usual: 8, min: 1, max: 32 },
    ],
    Picture: LstmGates,
  },
  "attention-or-none": {
    fields: [
      {
        name: "text",
        usual: "A man in a blue shirt is standing on a ladder and cleaning a window of a house.",
        maxLength: 400,
      },
      { name: "updates", usual: 200, min: 1, max: 500 },
    ],
    Picture: AttentionOrNone,
  },
  "positional-encodings": {
    fields: [
      { name: "positions", usual: 50, min: 2, max: 100 },
      { name: "size", usual: 64, min: 2, max: 128, step: 2 },
    ],
    Picture: PositionalEncodings,
  },
  "transformer-heads": {
    fields: [{ name: "text", usual: "Two dogs play in the snow.", maxLength: 400 }],
    Picture: TransformerHeads,
  },
  "beam-search": {
    fields: [
      { name: "text", usual: "A man rides a horse.", maxLength: 400 },
      { name: "beamWidth", usual: 3, min: 1, max: 8 },
    ],
    Picture: BeamTree,
  },
};

export const figureNames = Object.keys(figures).filter(isFigureName);

export function isFigureName(name: string): name is FigureName {
  return Object.hasOwn(figures, name);
}
