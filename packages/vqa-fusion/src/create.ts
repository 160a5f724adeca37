import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import { type FusionConfigInput, fusionConfigSchema } from "./config.ts";
import type { Fusion } from "./fusion.ts";
import { Blind } from "./fusions/blind.ts";
import { CoAttention } from "./fusions/co-attention.ts";
import { Concatenation } from "./fusions/concatenation.ts";
import { CrossModal } from "./fusions/cross-modal.ts";
import { Film } from "./fusions/film.ts";
import { FirstWord } from "./fusions/first-word.ts";
import { Gated } from "./fusions/gated.ts";
import { InitialState } from "./fusions/initial-state.ts";
import { LastWord } from "./fusions/last-word.ts";
import { LowRankBilinear } from "./fusions/low-rank-bilinear.ts";
import { Product } from "./fusions/product.ts";
import { Stacked } from "./fusions/stacked.ts";
import { WordGuided } from "./fusions/word-guided.ts";

/**
 * Creates a fusion, for example `{ kind: "stacked", vocabularySize: 5000, channels: 1280 }`.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createFusion(config: FusionConfigInput, random?: Random): Fusion {
  const parsed = parseConfig(fusionConfigSchema, config, "fusion config");
  switch (parsed.kind) {
    case "blind":
      return new Blind(parsed, random);
    case "initial-state":
      return new InitialState(parsed, random);
    case "first-word":
      return new FirstWord(parsed, random);
    case "last-word":
      return new LastWord(parsed, random);
    case "concatenation":
      return new Concatenation(parsed, random);
    case "product":
      return new Product(parsed, random);
    case "stacked":
      return new Stacked(parsed, random);
    case "co-attention":
      return new CoAttention(parsed, random);
    case "gated":
      return new Gated(parsed, random);
    case "low-rank-bilinear":
      return new LowRankBilinear(parsed, random);
    case "word-guided":
      return new WordGuided(parsed, random);
    case "film":
      return new Film(parsed, random);
    case "cross-modal":
      return new CrossModal(parsed, random);
  }
}
