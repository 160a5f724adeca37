import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { scoreChrf, scoreSacreBleu } from "@attend/metrics";
import { writeFileAtomic } from "@attend/runtime/files";
import type { TestScores } from "./record.ts";

const fileOf = (folder: string) => join(folder, "test.de");

/** Scores translations of the test set and saves them in the system's folder. */
export async function scoreTest(
  folder: string,
  translations: readonly string[],
  references: readonly string[],
  seconds: number,
): Promise<TestScores> {
  await writeFileAtomic(fileOf(folder), translations.map((line) => `${line}\n`).join(""));
  return {
    bleu: scoreSacreBleu(translations, references).score,
    bleuLowerCased: scoreSacreBleu(translations, references, { lowercase: true }).score,
    chrf: scoreChrf(translations, references).score,
    sentences: translations.length,
    seconds,
  };
}

/** A system's translations of the test set, one per line. */
export async function readTranslations(folder: string): Promise<string[]> {
  return (await readFile(fileOf(folder), "utf8")).split("\n").slice(0, -1);
}
