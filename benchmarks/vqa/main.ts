/**
 * Compares answering questions about photos with the same model in PyTorch, taking turns in one run: one photo with many
 * questions, many photos with a question each, and a training step.
 *
 *   pnpm --filter @attend/benchmarks vqa
 *
 * PYTHON selects a Python with torch (default: python3), THREADS the number of threads of each side (default: every
 * core). `--only answers,asking` selects parts, `--quick` uses fewer repetitions, `--json FILE` writes the numbers.
 */
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readQuestions } from "@attend/datasets";
import { describeMachine, printMachine } from "../support/machine.ts";
import { printRows, type Row } from "../support/table.ts";
import { userPath } from "../support/user-path.ts";
import { measureAsking } from "./asking.ts";
import { measureMany } from "./many.ts";
import { compareAnswers } from "./same-answers.ts";
import { type Setting, sides } from "./sides.ts";
import { measureTraining } from "./training-step.ts";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const sections = {
  answers: compareAnswers,
  asking: measureAsking,
  many: measureMany,
  training: measureTraining,
};
const chosen = flags.only?.split(",") ?? Object.keys(sections);
const examples = fileURLToPath(new URL("../../examples", import.meta.url));

const machine = describeMachine();
const temporary = await mkdtemp(join(tmpdir(), "attend-benchmark-"));
const rows: Row[] = [];
try {
  const setting = await prepare();
  const versions = await sides(async (ours, torch) => [
    ...(await ours.ask<{ versions: string[] }>("versions")).versions,
    ...(await torch.ask<{ versions: string[] }>("versions")).versions,
  ]);
  printMachine(machine, versions);
  for (const [name, measure] of Object.entries(sections)) {
    if (chosen.includes(name)) rows.push(...(await measure(setting)));
  }
  printRows(rows);
  if (flags.json !== undefined) {
    const all = { machine, versions, rows };
    await writeFile(userPath(flags.json), `${JSON.stringify(all, null, 1)}\n`);
  }
} finally {
  await rm(temporary, { recursive: true });
}

/** A model of the default sizes with random weights, and twenty questions about the example photos. */
async function prepare(): Promise<Setting> {
  const set = await readQuestions(join(examples, "questions.tsv"), {
    imagesDirectory: join(examples, "photos"),
  });
  const questions = set.rows.map(({ question }) => question);
  const model = join(temporary, "model");
  const { ids } = await sides((ours) =>
    ours.ask<Pick<Setting, "ids">>("writeModel", { model, questions }),
  );
  const photos = set.rows.flatMap(({ photo }) => photo ?? []);
  const distinct = [...new Set(photos)];
  const copy = async (_: unknown, i: number) => {
    const file = join(temporary, `${i}.jpg`);
    await copyFile(distinct[i % distinct.length] ?? "", file);
    return file;
  };
  const manyPhotos = await Promise.all(Array.from({ length: 60 }, copy));
  return { model, photos, manyPhotos, questions, ids, temporary, quick: flags.quick };
}
