/**
 * Declarations that the code of a page relies on, by page. Code that uses them is type-checked but not run; all
 * other code is a complete program, and is run.
 */
export const preludes: Readonly<Record<string, string>> = {
  "packages/datasets/README.md": `
    import type { Random } from "@attend/runtime";
    declare const tokens: readonly { source: readonly number[]; target: readonly number[] }[];
    declare const sources: readonly (readonly number[])[];
    declare const random: Random;
    declare function translate(batch: readonly number[]): Promise<string[]>;
    declare const key: string, folder: string;
    declare const photos: readonly string[], ids: readonly string[];
    declare function batchesOf(ids: readonly string[]): Iterable<readonly string[]>;
    declare function encode(ids: readonly string[]): Promise<Float32Array>;
    declare const into: Float32Array;`,
  "packages/decoding/README.md": `
    import { beamSearch, generate, meanLoss, sampling, type SourceBatch, teacherForcing, tokenLosses } from "@attend/decoding";
    import { createRandom, type Random, tf } from "@attend/runtime";
    import type { createSeq2seq } from "@attend/seq2seq";
    declare const model: ReturnType<typeof createSeq2seq>;
    declare const encoding: ReturnType<typeof model.encode>;
    declare const special: { start: number; end: number; suppressed: number[] };
    declare const sequences: readonly (readonly number[])[], source: SourceBatch, random: Random;
    declare const lengths: readonly number[];`,
  "packages/lettering/README.md": "declare const caption: string;",
  "packages/metrics/README.md": "declare const baseline: string[];",
  "packages/runtime/README.md": "declare function readPixels(): Promise<Float32Array>;",
  "packages/text/README.md": `
    import type { Random } from "@attend/runtime";
    declare const texts: string[];
    declare const random: Random;`,
  "packages/training/README.md": `
    import type { Module } from "@attend/nn";
    import type { Random, tf } from "@attend/runtime";
    import type { RunEvent } from "@attend/training";
    interface Batch { words: number; dispose(): void }
    declare const model: Module, indices: readonly number[], captions: string[], signal: AbortSignal;
    declare function inBatches(indices: readonly number[], size: number): number[][];
    declare function readBatch(plan: number[], random: Random): Promise<Batch>;
    declare function lossOf(model: Module, batch: Batch, random: Random): tf.Scalar;
    declare function score(model: Module): Promise<number>;
    declare function saveModel(model: Module, folder: string): Promise<void>;
    declare function onEvent(event: RunEvent): void;`,
};

const recipe = "recipes.slow.test.ts follows it to the letter";

/** Pages whose code is neither checked nor run here, or only checked, with the reason. */
export const checkedElsewhere: Readonly<Record<string, string>> = {
  "docs/tutorials/hello.md":
    "apps/language-model/test/tutorial.test.ts runs its blocks as one program",
  "docs/tutorials/visual-qa.md":
    "apps/visual-qa/test/tutorial.slow.test.ts runs its blocks as one program",
  "docs/recipes/add-a-cell.md": recipe,
  "docs/recipes/add-an-app.md": recipe,
  "docs/recipes/add-a-decoder.md": recipe,
  "docs/recipes/add-a-metric.md": recipe,
};
export const onlyChecked: Readonly<Record<string, string>> = {
  "apps/explain/README.md": "it trains for minutes",
  "apps/interpreter/README.md": "its engines are downloaded",
  "packages/cnn-encoder/README.md": "it needs converted published weights",
};
