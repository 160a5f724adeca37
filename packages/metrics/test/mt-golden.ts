import { loadGolden } from "@attend/test-kit";
import type { BleuTokenizer, ChrfOptions, SacreBleuOptions, TerOptions } from "../src/index.ts";

interface GoldenScore<Options> {
  readonly options: Options;
  readonly score: number;
  readonly signature: string;
  readonly perLine: readonly number[];
}

interface GoldenCorpus {
  readonly hypotheses: readonly string[];
  readonly references: readonly (readonly string[])[];
  readonly bleu: readonly (GoldenScore<SacreBleuOptions> & {
    readonly precisions: readonly number[];
    readonly bp: number;
    readonly lengths: readonly [number, number];
  })[];
  readonly chrf: readonly (GoldenScore<ChrfOptions> & { readonly name: string })[];
  readonly ter: readonly (GoldenScore<TerOptions> & {
    readonly edits: number;
    readonly length: number;
  })[];
}

interface GoldenResult {
  readonly score: number;
  readonly mean: number;
  readonly ci: number;
  readonly p_value: number | null;
}

interface ShortScores {
  readonly bleu: readonly number[];
  readonly chrf: readonly number[];
  readonly ter: readonly number[];
}

/** See golden/make_mt_metrics.py. */
interface Golden {
  readonly tokens: readonly {
    readonly line: string;
    readonly bleu: Readonly<Record<BleuTokenizer, readonly string[]>>;
    readonly lower: readonly string[];
    /** For each of `terOptions`. */
    readonly ter: readonly (readonly string[])[];
  }[];
  readonly corpora: Readonly<Record<string, GoldenCorpus>>;
  readonly bootstrap: {
    readonly baseline: readonly string[];
    readonly system: readonly string[];
    readonly references: readonly (readonly string[])[];
    readonly samples: number;
    readonly results: readonly {
      readonly name: string;
      readonly signature: string;
      readonly baseline: GoldenResult;
      readonly system: GoldenResult;
    }[];
  };
  readonly multi30k: Readonly<Record<string, ShortScores>>;
}

export const golden = loadGolden<Golden>(
  new URL("./golden/mt-metrics.golden.json", import.meta.url),
);

export const corpora = Object.entries(golden.corpora).map(([name, corpus]) => ({
  name,
  ...corpus,
}));

const either = [false, true];

/** In the order of the script. */
export const terOptions = either.flatMap((normalized) =>
  either.flatMap((noPunctuation) =>
    either.flatMap((asianSupport) =>
      either.map((caseSensitive) => ({ normalized, noPunctuation, asianSupport, caseSensitive })),
    ),
  ),
);
