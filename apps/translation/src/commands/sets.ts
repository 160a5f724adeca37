import type { Columns, ParallelPair } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { readPairs } from "./pairs.ts";

interface SetOptions {
  readonly from: string;
  readonly to: string;
  readonly swap: boolean;
  readonly columns?: Columns | undefined;
  readonly validation?: readonly string[] | undefined;
  readonly heldOut?: number | undefined;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

interface Sets {
  readonly pairs: readonly ParallelPair[];
  readonly validation: readonly ParallelPair[];
}

/** Distinct sources that are held out if there are enough. */
const defaultHeldOut = 500;

/**
 * Reads the training and validation pairs; validation pairs have their own files or are held out.
 *
 * @throws AttendError like `readPairs`; BAD_DATA if both sides are the same text; BAD_ARGUMENT if too many
 *   pairs are held out
 */
export async function readSets(files: readonly string[], options: SetOptions): Promise<Sets> {
  const { from, to, warn } = options;
  const languages = [from, to];
  const all = await readPairs(files, { ...options, option: "train", languages });
  requireTranslations(all, options);
  if (options.validation === undefined) return await holdOut(all, options);
  const option = "--validation";
  const validation = await readPairs(options.validation, { ...options, option, languages });
  const known = new Set(all.map(({ source }) => source));
  const trainedOn = validation.filter(({ source }) => known.has(source)).length;
  if (trainedOn > 0) {
    warn(
      `${trainedOn} of the ${validation.length} pairs of --validation have a source that is also in the training pairs; they say little about the model`,
    );
  }
  return { pairs: all, validation };
}

async function holdOut(
  all: readonly ParallelPair[],
  { heldOut: requested, say }: SetOptions,
): Promise<Sets> {
  const { countSources, splitBySource } = await import("@attend/datasets");
  const sources = countSources(all);
  const heldOut = requested ?? Math.min(defaultHeldOut, Math.max(1, Math.floor(sources / 10)));
  if (sources === 1) {
    const message =
      "all pairs have the same source; add more pairs, since some of them have to be held out";
    throw new AttendError("BAD_DATA", message);
  }
  if (heldOut >= sources) {
    const message = `--held-out ${heldOut} leaves nothing to train on: there are ${sources} different sources; hold out fewer, or use --validation`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (requested === undefined && heldOut < defaultHeldOut) {
    say(
      `${heldOut} of the ${sources} different sources are held out to choose the best weights (--held-out sets how many)`,
    );
  }
  const split = splitBySource(all, { heldOut, seed: 1 });
  return { pairs: split.train, validation: split.heldOut };
}

/** Rejects pairs from which nothing can be learned, such as a file paired with its own copy. */
function requireTranslations(pairs: readonly ParallelPair[], { from, to, warn }: SetOptions): void {
  const same = pairs.filter(({ source, target }) => source === target).length;
  if (same === pairs.length) {
    const message = `source and target of ${same === 1 ? "the only pair" : `all ${same} pairs`} are the same text; use sources in ${from} and translations in ${to}`;
    throw new AttendError("BAD_DATA", message);
  }
  if (same > pairs.length / 2) {
    warn(
      `${same} of the ${pairs.length} pairs have the same text on both sides; is one of the files wrong?`,
    );
  }
}
