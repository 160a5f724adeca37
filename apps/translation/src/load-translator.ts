import { type EngineName, loadEngine } from "@attend/runtime";
import { loadTranslationModel } from "./model.ts";
import { Translator } from "./translator.ts";

export interface TranslatorOptions {
  /** A model's folder, as `translate train` writes it. */
  readonly model: string;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to translate. The caller closes the translator.
 *
 * @throws AttendError FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA or
 *   BAD_WEIGHTS naming the file that does not fit; ENGINE_MISSING
 */
export async function loadTranslator({ model, engine }: TranslatorOptions): Promise<Translator> {
  await loadEngine(engine === undefined ? {} : { engine });
  return new Translator(await loadTranslationModel(model));
}
