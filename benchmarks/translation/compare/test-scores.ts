import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { scoreChrf, scoreSacreBleu } from "@attend/metrics";
import { writeFileAtomic } from "@attend/runtime/files";
import type { TestScores } from "./record.ts";

const fileOf = (folder: string) => join(folder, "test.de");

/** Scores translations of the test set, and keeps them in the system's folder. */
export async function scoreTest(
  folder: string,
  said: readonly string[],
  references: readonly string[],
  seconds: number,
): Promise<TestScores> {
  await writeFileAtomic(fileOf(folder), said.map((line) => `${line}\n`).join(""));
  return {
    bleu: scoreSacreBleu(said, references).score,
    bleuLowerCased: scoreSacreBleu(said, references, { lowercase: true }).score,
    chrf: scoreChrf(said, references).score,
    sentences: said.length,
    seconds,
  };
}

/** What a system said of the test set, a line each. */
export async function readSaid(folder: string): Promise<string[]> {
  return (await readFile(fileOf(folder), "utf8")).split("\n").slice(0, -1);
}
