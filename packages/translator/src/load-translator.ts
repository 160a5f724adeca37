import type { LoadOptions } from "@attend/model-folder";
import { AttendError } from "@attend/runtime/errors";
import { languageTag, matchesLanguage } from "./language.ts";
import { type TranslationModel, translators } from "./model.ts";
import { Network } from "./network.ts";
import type { LanguagePair } from "./shipped.ts";
import { tokenizersToJson } from "./tokenizers.ts";
import { Translator } from "./translator.ts";

/** Without `model`, the languages select a shipped model. Default: English to German. */
export interface TranslatorOptions extends LanguagePair, LoadOptions {
  /** A model folder written by `attend-translate train`; several with the same vocabulary translate together. */
  readonly model?: string | readonly string[] | undefined;
}

/**
 * Loads an engine and a model. The caller closes the translator.
 *
 * @throws AttendError BAD_ARGUMENT if no model is shipped for the languages, or `model` is for other
 *   languages; FILE_NOT_FOUND if the folder or one of its files is missing; BAD_CONFIG, BAD_DATA or
 *   BAD_WEIGHTS naming the invalid file; ENGINE_MISSING
 */
export async function loadTranslator(options: TranslatorOptions = {}): Promise<Translator> {
  const { from, to, engine, precision } = options;
  const model = typeof options.model === "object" ? options.model : [options.model];
  const translator = new Translator(await loadEnsemble(model, { from, to, engine, precision }));
  if (fits(from, translator.from) && fits(to, translator.to)) return translator;
  translator.close();
  throw new AttendError(
    "BAD_ARGUMENT",
    `${model.join(", ")} translates from ${translator.from} to ${translator.to}, not from ${from ?? translator.from} to ${to ?? translator.to}`,
  );
}

/**
 * One model, or several as one: the first one's config, and a network in which they decide together.
 *
 * @throws AttendError BAD_ARGUMENT if they translate other languages or have other vocabularies than the first
 */
async function loadEnsemble(
  folders: readonly (string | undefined)[],
  options: LanguagePair & LoadOptions,
): Promise<TranslationModel> {
  const models: TranslationModel[] = [];
  try {
    for (const folder of folders) {
      const model = await translators.load(folder, options);
      models.push(model);
      if (kindOf(model) === kindOf(models[0] ?? model)) continue;
      const message = `${folder} and ${folders[0]} cannot translate together: their languages or vocabularies differ; train one with --start-from the other, or on the same pairs`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const [first, ...others] = models;
    if (first === undefined) {
      throw new AttendError("BAD_ARGUMENT", "model is an empty list; name a folder");
    }
    if (others.length === 0) return first;
    return { ...first, network: Network.ensemble(models.map(({ network }) => network)) };
  } catch (thrown) {
    for (const { network } of models) network.dispose();
    throw thrown;
  }
}

/** What models that translate together have in common. */
function kindOf({ config: { from, to }, tokens }: TranslationModel): string {
  return JSON.stringify([from, to, tokenizersToJson(tokens)]);
}

/** Whether a model's language is the requested one. */
function fits(requested: string | undefined, language: string): boolean {
  return matchesLanguage(requested === undefined ? undefined : languageTag(requested), language);
}

/** A one-line description of the model that {@link loadTranslator} would load. */
export async function aboutModel({ from, to, model }: TranslatorOptions): Promise<string> {
  const folder = typeof model === "object" ? model[0] : model;
  const config = await translators.readConfig(folder, { from, to });
  return config.about ?? `${config.from} to ${config.to}`;
}
