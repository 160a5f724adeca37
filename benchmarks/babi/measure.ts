import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { firstDifference, parseConfig, readJson, writeJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import type { ReaderKind, Recipe } from "./recipes.ts";
import type { StorySet } from "./sets.ts";
import { trainReader } from "./train-reader.ts";

const trialSchema = z.strictObject({
  seed: z.number(),
  /** Share of wrong answers, and mean cross-entropy, on the validation. */
  validation: z.strictObject({ error: z.number(), loss: z.number() }),
  /** Share of wrong answers on the test, by the number of the task. */
  errors: z.record(z.string(), z.number()),
  parameters: z.number(),
  /** Of training. */
  seconds: z.number(),
});

const rowSchema = z.strictObject({
  /** A row is used again only with the same recipe; more trainings may be added. */
  recipe: z.unknown(),
  trials: z.array(trialSchema),
});

/** One training. */
export type Trial = z.output<typeof trialSchema>;

/**
 * Trains a reader on a set, several times from different weights, and returns the training that is best on the
 * validation. What is done is stored after each training, and not done again.
 *
 * @param out the folder of the results
 * @throws AttendError BAD_CONFIG if the row was measured with another recipe; INTERRUPTED
 */
export async function measureReader(
  set: StorySet,
  kind: ReaderKind,
  recipe: Recipe,
  { out, signal }: { readonly out: string; readonly signal: AbortSignal },
): Promise<Trial> {
  const folder = join(out, kind, set.name);
  const file = join(folder, "row.json");
  await mkdir(folder, { recursive: true });
  const { trials: count, ...same } = recipe;
  const trials = await readTrials(file, same);
  while (!isDone(trials, count)) {
    const seed = trials.length + 1;
    const run = join(folder, `seed-${seed}`);
    const trial = await trainReader(set, kind, recipe, { seed, out: run, signal });
    trials.push({ seed, ...trial });
    await writeJson(file, { recipe: same, trials });
    await rm(run, { recursive: true });
  }
  return trials.reduce((best, each) => (isBetter(each, best) ? each : best));
}

/** After a training without errors on the validation, more are not needed. */
function isDone(trials: readonly Trial[], count: number): boolean {
  return trials.length >= count || trials.some(({ validation }) => validation.error === 0);
}

function isBetter({ validation: a }: Trial, { validation: b }: Trial): boolean {
  return a.error < b.error || (a.error === b.error && a.loss < b.loss);
}

async function readTrials(file: string, recipe: Omit<Recipe, "trials">): Promise<Trial[]> {
  if (!existsSync(file)) return [];
  const row = parseConfig(rowSchema, await readJson(file), file);
  const difference = firstDifference(row.recipe, recipe);
  if (difference === undefined) return row.trials;
  const { path, saved, given } = difference;
  const message = `${file} was measured with another ${path} (it was ${saved}, now it is ${given}); use the old one, or another --out`;
  throw new AttendError("BAD_CONFIG", message);
}
