import { type EngineName, loadEngine } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { defaultModelFolder, type LanguagePair } from "./default-model.ts";
import { answers, languageTag } from "./language.ts";
import { loadTranslationModel, readModelFolder } from "./model.ts";
import { Translator } from "./translator.ts";

/** Without `model`, the languages choose among the models that are shipped: by default English to German. */
export interface TranslatorOptions extends LanguagePair {
  /** A model's folder, as `translate train` writes it. */
  readonly model?: string | undefined;
  /** By default the fastest that loads (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads an engine and a model, ready to translate. The caller closes the translator.
 *
 * @throws AttendError BAD_ARGUMENT where no model is shipped for the languages, or `model` is one of others;
 *   FILE_NOT_FOUND where the folder or a file of it is absent; BAD_CONFIG, BAD_DATA or BAD_WEIGHTS naming
 *   the file that does not fit; ENGINE_MISSING
 */
export async function loadTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const { from, to, model, engine } = options;
  const folder = model ?? defaultModelFolder({ from, to });
  await loadEngine(engine === undefined ? {} : { engine });
  const translator = new Translator(await loadTranslationModel(folder));
  if (fits(from, translator.from) && fits(to, translator.to)) return translator;
  translator.close();
  throw new AttendError(
    "BAD_ARGUMENT",
    `${folder} translates from ${translator.from} to ${translator.to}, not from ${from ?? translator.from} to ${to ?? translator.to}`,
  );
}

/** Whether a model of a language does for what is wished. */
function fits(wish: string | undefined, language: string): boolean {
  return answers(wish === undefined ? undefined : languageTag(wish), language);
}

/** What the model that {@link loadTranslator} would load can do, in a line. */
export async function aboutModel({ from, to, model }: TranslatorOptions): Promise<string> {
  const { config } = await readModelFolder(model ?? defaultModelFolder({ from, to }));
  return config.about ?? `${config.from} to ${config.to}`;
}
