import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { answers, languageTag } from "./language.ts";
import { translators } from "./model.ts";
import type { LanguagePair } from "./shipped.ts";
import { Translator } from "./translator.ts";

/** Without `model`, the languages choose among the models that are shipped: by default English to German. */
export interface TranslatorOptions extends LanguagePair, LoadOptions {
  /** A model's folder, as `attend-translate train` writes it. */
  readonly model?: string | undefined;
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
  const translator = new Translator(await translators.load(model, { from, to, engine }));
  if (fits(from, translator.from) && fits(to, translator.to)) return translator;
  translator.close();
  throw new AttendError(
    "BAD_ARGUMENT",
    `${model} translates from ${translator.from} to ${translator.to}, not from ${from ?? translator.from} to ${to ?? translator.to}`,
  );
}

/** Whether a model of a language does for what is wished. */
function fits(wish: string | undefined, language: string): boolean {
  return answers(wish === undefined ? undefined : languageTag(wish), language);
}

/** What the model that {@link loadTranslator} would load can do, in a line. */
export async function aboutModel({ from, to, model }: TranslatorOptions): Promise<string> {
  const config = await translators.readConfig(model, { from, to });
  return config.about ?? `${config.from} to ${config.to}`;
}
