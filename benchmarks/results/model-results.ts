import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, parseJson } from "@attend/runtime/config";
import { z } from "zod";

/** Scores by metric, as text, so that their digits are kept. */
const scores = z.record(z.string(), z.string().regex(/^\d+(?:\.\d+)?$/, "must be a number"));

const testSchema = z.strictObject({
  /** The data, its size, and how it was decoded. */
  test: z.string(),
  scores,
  /** The metrics that represent the model. */
  main: z.array(z.string()).min(1),
  /** What others report on the same data. */
  references: z
    .array(
      z.strictObject({
        model: z.string(),
        scores,
        /** An address; absent if the figure's source was not found. */
        source: z.url().optional(),
        /** How the figure differs from ours. */
        note: z.string().optional(),
      }),
    )
    .default([]),
});

const resultsSchema = z
  .strictObject({
    /** Training on two cores. */
    minutes: z.number().positive(),
    /** Prints the scores. */
    commands: z.array(z.string()).min(1),
    tests: z.array(testSchema).min(1),
  })
  .refine(
    ({ tests }) => tests.every(({ scores, main }) => main.every((metric) => metric in scores)),
    "each metric of main must be in scores",
  );

/** The content of a shipped model's `results.json`. */
export type ModelResults = z.output<typeof resultsSchema> & { readonly model: string };

/**
 * Reads `results.json` of each model in `models/`, in order of their names.
 *
 * @throws AttendError BAD_CONFIG naming the file and its invalid keys
 */
export function readModelResults(repository: string): ModelResults[] {
  const models = readdirSync(join(repository, "models")).sort();
  return models.flatMap((model) => {
    const file = join("models", model, "results.json");
    const path = join(repository, file);
    if (!existsSync(path)) return [];
    const value = parseJson(readFileSync(path, "utf8"), file);
    return [{ model, ...parseConfig(resultsSchema, value, file) }];
  });
}
