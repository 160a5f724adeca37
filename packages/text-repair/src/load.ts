import type { EngineName } from "@attend/runtime";
import { AttendError } from "@attend/runtime/errors";
import { Repairer } from "./repairer.ts";
import { loadDictionary } from "./spelling/dictionary.ts";
import { Speller } from "./spelling/speller.ts";
import { shippedLanguages, taggers } from "./tagger/model.ts";

/** Options of {@link loadRepairer}. */
export interface RepairerOptions {
  /** Of the texts; default: that of the model. `en` and `de` have a model that is shipped, `en` a dictionary. */
  readonly language?: string | undefined;
  /** A folder that `trainRepairer` wrote; default: the shipped model of the language, or of English. */
  readonly model?: string | undefined;
  /** By default the fastest available engine (see `loadEngine`). */
  readonly engine?: EngineName | undefined;
}

/**
 * Loads what repairs texts of a language, and an engine. For a language without a model, such as French, numbers and
 * sentences' first letters alone are repaired. The caller disposes the repairer.
 *
 * @throws AttendError BAD_ARGUMENT if the model is of another language; the errors of `Models.load`
 */
export async function loadRepairer({
  language,
  model,
  engine,
}: RepairerOptions = {}): Promise<Repairer> {
  if (model === undefined && language !== undefined && !shippedLanguages.includes(language)) {
    return new Repairer({ language, tagger: undefined, speller: undefined });
  }
  const tagger = await taggers.load(model, { engine, language });
  const found = tagger.config.language;
  if (language !== undefined && language !== found) {
    tagger.network.dispose();
    const message = `${model} repairs texts in "${found}", not "${language}"; omit the language, or give another model`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const dictionary = await loadDictionary(found);
  const speller = dictionary && new Speller(dictionary, tagger.tokens);
  return new Repairer({ language: found, tagger, speller });
}
