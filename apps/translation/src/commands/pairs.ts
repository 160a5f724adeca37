import type { ParallelPair, ParallelSource } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";

/**
 * Reads pairs of sentences from what an option names: files of source and target in turn, or files that hold
 * both, ending in .tsv or .jsonl, or those with .gz behind.
 *
 * @param option names it in errors
 * @param say is told of what was left out
 */
export async function readPairs(
  files: readonly string[],
  option: string,
  say: (line: string) => void,
): Promise<readonly ParallelPair[]> {
  const { readParallel } = await import("@attend/datasets");
  const { pairs, warnings } = await readParallel(sourcesOf(files, option));
  for (const warning of warnings) say(`warning: ${warning}`);
  return pairs;
}

function sourcesOf(files: readonly string[], option: string): ParallelSource[] {
  const sources: ParallelSource[] = [];
  for (let i = 0; i < files.length; i++) {
    const file = files[i] ?? "";
    if (/\.tsv(\.gz)?$/.test(file)) sources.push({ tsv: file });
    else if (/\.jsonl(\.gz)?$/.test(file)) sources.push({ jsonl: file });
    else {
      const target = files[++i];
      if (target === undefined) {
        throw new AttendError(
          "BAD_ARGUMENT",
          `${option} names ${file} without the file of its translations; name it behind, or give one file that ends in .tsv or .jsonl`,
        );
      }
      sources.push({ source: file, target });
    }
  }
  return sources;
}
