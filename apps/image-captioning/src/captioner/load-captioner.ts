import type { LoadOptions } from "@attend/model-folder";
import { captioners } from "../model.ts";
import { Captioner } from "./captioner.ts";
import { requireKnown } from "./options.ts";

/** Which model captions, on which engine. */
export interface CaptionerOptions extends LoadOptions {
  /** A model's folder, or that of the training which wrote it; by default the model of `@attend/captioner`. */
  readonly model?: string | undefined;
}

/**
 * Loads an engine and a model, ready to caption. The caller closes the captioner.
 *
 * @throws AttendError BAD_ARGUMENT for an unknown option; FILE_NOT_FOUND where the folder or a file of
 *   it is absent; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING.
 */
export async function loadCaptioner(options: CaptionerOptions = {}): Promise<Captioner> {
  requireKnown(options, ["model", "engine"]);
  const { model, engine } = options;
  return new Captioner(await captioners.load(model, { engine }));
}
