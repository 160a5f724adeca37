import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ParallelPair } from "@attend/datasets";
import { readJson, writeJson } from "@attend/runtime/config";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { requireOrigin, requireUntaken, type TrainingEvent } from "@attend/training";
import {
  learnVocabularies,
  parseVocabularies,
  usualSize,
  type Vocabularies,
  type VocabularyConfig,
  vocabulariesToJson,
} from "@attend/translator";
import type { TranslationTraining } from "./config.ts";

export interface TranslationTrainingRun {
  readonly from: string;
  readonly to: string;
  readonly config: TranslationTraining;
  readonly pairs: readonly ParallelPair[];
  /** Choose the best weights; not trained on. */
  readonly dev: readonly ParallelPair[];
  /** A model to begin with, whose network and vocabulary are kept. */
  readonly init?: string | undefined;
  /** The folder of everything the training writes. */
  readonly out: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrainingEvent) => void;
  /** Told in a line what is being done, and of what is left out. */
  readonly say: (line: string) => void;
}

/**
 * Opens the folder of a training: learns the vocabularies and notes what it is made with, or takes them up
 * again and refuses to go on with something else.
 *
 * @param begun the vocabularies of the model to begin with, if there is one
 */
export async function openRun(
  run: TranslationTrainingRun,
  begun: Vocabularies | undefined,
): Promise<Vocabularies> {
  const { config, from, to, pairs, dev, out, resume, init, say } = run;
  const { training: _, ...rest } = config; // That the trainer notes itself.
  const origin = { from, to, pairs: hashOf(pairs), dev: hashOf(dev), init, config: rest };
  const [originFile, vocabularyFile] = [join(out, "origin.json"), join(out, "vocabulary.json")];
  await ensureWritableDirectory(out);
  requireUntaken(out, resume);
  if (existsSync(join(out, "latest.safetensors"))) {
    const names = { pairs: "other pairs", dev: "other pairs to validate on" };
    await requireOrigin(out, originFile, origin, names);
    return parseVocabularies(await readJson(vocabularyFile), vocabularyFile);
  }
  const vocabularies = begun ?? learnVocabularies(pairs, config.vocabulary);
  if (begun === undefined) say(describeVocabularies(vocabularies, config.vocabulary));
  await writeJson(vocabularyFile, vocabulariesToJson(vocabularies));
  await writeJson(originFile, origin);
  return vocabularies;
}

function describeVocabularies(
  { source, target }: Vocabularies,
  { size }: VocabularyConfig,
): string {
  const sizes = source === target ? [source.size] : [source.size, target.size];
  const fitted = size === undefined && sizes.some((each) => each < usualSize);
  const why = fitted
    ? `, which is what the pairs suffice for (--vocabulary-size sets another)`
    : "";
  return `a vocabulary of ${sizes.join(" and ")} tokens${why}`;
}

function hashOf(pairs: readonly ParallelPair[]): string {
  const hash = createHash("sha256");
  for (const { source, target } of pairs) hash.update(`${source}\t${target}\n`);
  return hash.digest("hex").slice(0, 16);
}
