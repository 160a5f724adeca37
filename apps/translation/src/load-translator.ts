import { type EngineName, loadEngine } from "@attend/runtime";
import { defaultModelFolder } from "./default-model.ts";
import { loadTranslationModel } from "./model.ts";
import { Translator } from "./translator.ts";

export interface TranslatorOptions {
  /** Languages such as `en` and `de`, to choose among the models that are shipped; default English to German. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** A model's folder, as `translate train` writes it, in place of a shipped one. */
  readonly model?: string | undefined;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to translate. The caller closes the translator.
 *
 * @throws AttendError BAD_ARGUMENT where no model is shipped for the languages; FILE_NOT_FOUND where the
 *   folder or a file of it is absent; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming the file that does not
 *   fit; ENGINE_MISSING
 */
export async function loadTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const { from = "en", to = "de", model, engine } = options;
  const folder = model ?? defaultModelFolder(from, to);
  await loadEngine(engine === undefined ? {} : { engine });
  return new Translator(await loadTranslationModel(folder));
}
