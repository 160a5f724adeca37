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
}

interface Sets {
  readonly pairs: readonly ParallelPair[];
  readonly validation: readonly ParallelPair[];
}

/** Different sources that are held out where there are enough. */
const usualHeldOut = 500;

/**
 * The pairs to train on and those that choose the best weights, from files of their own or held out.
 *
 * @throws AttendError as `readPairs` does; BAD_DATA where both sides are the same text, BAD_ARGUMENT where too
 *   many are to be held out
 */
export async function readSets(files: readonly string[], options: SetOptions): Promise<Sets> {
  const { from, to, say } = options;
  const languages = [from, to];
  const all = await readPairs(files, { ...options, option: "train", languages });
  requireTranslations(all, options);
  if (options.validation === undefined) return await holdOut(all, options);
  const option = "--validation";
  const validation = await readPairs(options.validation, { ...options, option, languages });
  const known = new Set(all.map(({ source }) => source));
  const trainedOn = validation.filter(({ source }) => known.has(source)).length;
  if (trainedOn > 0) {
    say(
      `warning: ${trainedOn} of the ${validation.length} pairs of --validation have a source that is trained on as well; they tell little of the model`,
    );
  }
  return { pairs: all, validation };
}

async function holdOut(
  all: readonly ParallelPair[],
  { heldOut: asked, say }: SetOptions,
): Promise<Sets> {
  const { countSources, splitBySource } = await import("@attend/datasets");
  const sources = countSources(all);
  const heldOut = asked ?? Math.min(usualHeldOut, Math.max(1, Math.floor(sources / 10)));
  if (sources === 1) {
    const message =
      "all pairs have the same source; give more, and --held-out of them choose the best weights";
    throw new AttendError("BAD_DATA", message);
  }
  if (heldOut >= sources) {
    const message = `--held-out ${heldOut} leaves nothing to train on: there are ${sources} different sources; hold out fewer, or name pairs by --validation`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (asked === undefined && heldOut < usualHeldOut) {
    say(
      `${heldOut} of the ${sources} different sources choose the best weights and are not trained on (--held-out sets how many)`,
    );
  }
  const split = splitBySource(all, { heldOut, seed: 1 });
  return { pairs: split.train, validation: split.heldOut };
}

/** The same file under two names, a column that was copied: nothing to learn from. */
function requireTranslations(pairs: readonly ParallelPair[], { from, to, say }: SetOptions): void {
  const same = pairs.filter(({ source, target }) => source === target).length;
  if (same === pairs.length) {
    const message = `source and target of ${same === 1 ? "the only pair" : `all ${same} pairs`} are the same text; give sources in ${from} and translations in ${to}`;
    throw new AttendError("BAD_DATA", message);
  }
  if (same > pairs.length / 2) {
    say(
      `warning: ${same} of the ${pairs.length} pairs have the same text on both sides; is one of the files the wrong one?`,
    );
  }
}
