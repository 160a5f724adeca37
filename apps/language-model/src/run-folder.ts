import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory, writeFileAtomic } from "@attend/runtime/files";
import { firstDifference, readJson } from "@attend/training";
import type { LanguageModelTrainingRun } from "./training.ts";

/** Notes what a training is made with, or refuses to go on with something else. */
export async function noteOrigin(run: LanguageModelTrainingRun): Promise<void> {
  const { config, text, validationFraction, out, resume } = run;
  const { training: _, ...rest } = config; // That the trainer notes itself.
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const origin = { text: hash, validationFraction, config: rest };
  const file = join(out, "origin.json");
  await ensureWritableDirectory(out);
  if (!existsSync(join(out, "latest.safetensors"))) {
    await writeFileAtomic(file, `${JSON.stringify(origin, null, 1)}\n`);
    return;
  }
  // Without --resume the trainer refuses.
  if (!resume || !existsSync(file)) return;
  const difference = firstDifference(await readJson(file), origin, "");
  if (difference === undefined) return;
  const { path, saved, given } = difference;
  const what =
    path === "text"
      ? "another text"
      : `another ${path.replace("config.", "")} (it was ${saved}, now it is ${given})`;
  throw new AttendError(
    "BAD_CONFIG",
    `${out} was begun with ${what}; resume with the same, or train into another folder by --out`,
  );
}
