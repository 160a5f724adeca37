import type { FigureName } from "../schemas/figures.ts";
import { attentionOrNone } from "./attention-or-none.ts";
import { beamTree } from "./beam-search.ts";
import type { Figure } from "./figure.ts";
import { gradientThroughTime } from "./gradient-through-time.ts";
import { lstmGates } from "./lstm-gates.ts";
import { positionalEncodings } from "./positional-encodings.ts";
import { transformerHeads } from "./transformer-heads.ts";
import { unrolledNetwork } from "./unrolled-network.ts";

/** The figures of the road from the vanilla network to the Transformer, in its order. */
export const figures: { readonly [Name in FigureName]: Figure<Name> } = {
  "unrolled-network": unrolledNetwork,
  "gradient-through-time": gradientThroughTime,
  "lstm-gates": lstmGates,
  "attention-or-none": attentionOrNone,
  "positional-encodings": positionalEncodings,
  "transformer-heads": transformerHeads,
  "beam-search": beamTree,
};
