import { access } from "node:fs/promises";
import { join } from "node:path";
import { AttendError, type EngineName, loadEngine } from "@attend/runtime";
import { describeValue } from "@attend/runtime/errors";
import { defaultModelFolder } from "../default-model.ts";
import { captionerFolder, loadCaptioningModel, modelFiles } from "../model.ts";
import { Captioner } from "./captioner.ts";
import { requireKnown } from "./options.ts";

export interface CaptionerOptions {
  /** A model's folder, or that of the training which wrote it; by default the model of `@attend/captioner`. */
  readonly model?: string | undefined;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to caption. The caller closes the captioner.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown option; FILE_NOT_FOUND where the folder or a file of
 *   it is absent; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING.
 */
export async function loadCaptioner(options: CaptionerOptions = {}): Promise<Captioner> {
  requireKnown(options, ["model", "engine"]);
  const { model } = options;
  if (model !== undefined && (typeof model !== "string" || model === "")) {
    const message = `model is ${describeValue(model)}; it may be the path of a model's folder`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const folder = model === undefined ? defaultModelFolder() : await captionerFolder(model);
  await requireFiles(folder, model === undefined);
  await loadEngine({ engine: options.engine });
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
      : "name the folder that `attend-caption train` wrote";
    throw new AttendError("FILE_NOT_FOUND", `${file} does not exist; ${remedy}`);
  }
}
