/**
 * Compares the captioner with the same model in PyTorch, taking turns in one run: one photo, a folder of
 * photos, a training step, and the command line from start to caption.
 *
 *   pnpm --filter @attend/benchmarks captioner
 *
 * PYTHON selects a Python with torch (default: python3), THREADS the number of threads of each side
 * (default: every core).
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { captioners } from "../../apps/image-captioning/src/model.ts";
import { describeMachine, printMachine } from "../support/machine.ts";
import { printRows, type Row } from "../support/table.ts";
import { measureCommandLine } from "./command-line.ts";
import { measureFolder } from "./folder.ts";
import { measurePhoto } from "./one-photo.ts";
import { compareAnswers } from "./same-answers.ts";
import { sides } from "./sides.ts";
import { measureTraining } from "./training-step.ts";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string" },
    random: { type: "boolean", default: false },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const sections = {
  answers: compareAnswers,
  photo: measurePhoto,
  folder: measureFolder,
  cli: measureCommandLine,
  training: measureTraining,
};
const chosen = flags.only?.split(",") ?? Object.keys(sections);
const photos = ["astronaut", "cat", "coffee", "pagoda", "photographer", "rocket"].map((name) =>
  fileURLToPath(new URL(`../../examples/photos/${name}.jpg`, import.meta.url)),
);

const machine = describeMachine();
const temporary = await mkdtemp(join(tmpdir(), "attend-benchmark-"));
const rows: Row[] = [];
try {
  const model = await modelFolder();
  const versions = await sides(async (ours, torch) => [
    ...(await ours.ask<{ versions: string[] }>("versions")).versions,
    ...(await torch.ask<{ versions: string[] }>("versions")).versions,
  ]);
  printMachine(machine, versions);
  for (const [name, measure] of Object.entries(sections)) {
    if (!chosen.includes(name)) continue;
    rows.push(...(await measure({ model, photos, temporary, quick: flags.quick })));
  }
  printRows(rows);
  if (flags.json !== undefined) {
    await writeFile(flags.json, `${JSON.stringify({ machine, versions, rows }, null, 1)}\n`);
  }
} finally {
  await rm(temporary, { recursive: true });
}

async function modelFolder(): Promise<string> {
  if (!flags.random) return flags.model ?? captioners.shippedFolder();
  const folder = join(temporary, "model");
  await sides((ours) => ours.ask("writeRandomModel", { folder }));
  return folder;
}
