import { access } from "node:fs/promises";
import { join } from "node:path";
import { AttendError, type EngineName, loadEngine } from "@attend/runtime";
import { defaultModelFolder } from "../default-model.ts";
import { captionerFolder, loadCaptioningModel, modelFiles } from "../model.ts";
import { Captioner } from "./captioner.ts";

export interface CaptionerOptions {
  /** A model's folder, or that of the training which wrote it; by default the model of `@attend/captioner`. */
  readonly model?: string | undefined;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to caption. The caller closes the captioner.
 *
 * @throws AttendError FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA
 *   or BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING.
 */
export async function loadCaptioner(options: CaptionerOptions = {}): Promise<Captioner> {
  const folder =
    options.model === undefined ? defaultModelFolder() : await captionerFolder(options.model);
  await requireFiles(folder, options.model === undefined);
  await loadEngine(options.engine === undefined ? {} : { engine: options.engine });
  return new Captioner(await loadCaptioningModel(folder));
}

async function requireFiles(folder: string, isDefault: boolean): Promise<void> {
  for (const name of Object.values(modelFiles)) {
    const file = join(folder, name);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    const remedy = isDefault
      ? "the default model is not installed whole: install @attend/captioner again, or name another model's folder"
      : "a model's folder is what `caption train --out` wrote";
    throw new AttendError("FILE_NOT_FOUND", `${file} does not exist; ${remedy}`);
  }
}
