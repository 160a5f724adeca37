import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { languageTag, matchesLanguage } from "./language.ts";
import { translators } from "./model.ts";
import type { LanguagePair } from "./shipped.ts";
import { Translator } from "./translator.ts";

/** Without `model`, the languages select a shipped model. Default: English to German. */
export interface TranslatorOptions extends LanguagePair, LoadOptions {
  /** A model folder written by `attend-translate train`. */
  readonly model?: string | undefined;
}

/**
 * Loads an engine and a model. The caller closes the translator.
 *
 * @throws AttendError BAD_ARGUMENT if no model is shipped for the languages, or `model` is for other
 *   languages; FILE_NOT_FOUND if the folder or one of its files is missing; BAD_CONFIG, BAD_DATA or
 *   BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const { from, to, model, engine } = options;
  const translator = new Translator(await translators.load(model, { from, to, engine }));
  if (fits(from, translator.from) && fits(to, translator.to)) return translator;
  translator.close();
  throw new AttendError(
    "BAD_ARGUMENT",
    `${model} translates from ${translator.from} to ${translator.to}, not from ${from ?? translator.from} to ${to ?? translator.to}`,
  );
}

/** Whether a model's language is the requested one. */
function fits(requested: string | undefined, language: string): boolean {
  return matchesLanguage(requested === undefined ? undefined : languageTag(requested), language);
}

/** A one-line description of the model that {@link loadTranslator} would load. */
export async function aboutModel({ from, to, model }: TranslatorOptions): Promise<string> {
  const config = await translators.readConfig(model, { from, to });
  return config.about ?? `${config.from} to ${config.to}`;
}
