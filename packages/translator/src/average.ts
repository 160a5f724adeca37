import { AttendError, loadEngine } from "@attend/runtime";
import { averageModels as averageAll } from "@attend/training";
import { loadTranslationModel, saveTranslationModel, type TranslationModel } from "./model.ts";
import { vocabulariesToJson } from "./vocabulary.ts";

/**
 * Writes a model with the mean weights of the models in `folders`, float16, decoding as the first one.
 *
 * @param shares how much each counts; by default all alike
 * @throws AttendError BAD_CONFIG where they are not of one kind, BAD_DATA where they have other vocabularies
 */
export async function averageModels(
  folders: readonly string[],
  out: string,
  shares?: readonly number[],
): Promise<void> {
  const models = {
    load: loadTranslationModel,
    moduleOf: ({ network }: TranslationModel) => network.module,
    kindOf: ({ config: { from, to, network } }: TranslationModel) => ({ from, to, network }),
    requireSameVocabulary,
  };
  await loadEngine();
  const mean = await averageAll(folders, models, shares);
  try {
    await saveTranslationModel(mean, out);
  } finally {
    mean.network.module.dispose();
  }
}

function requireSameVocabulary(
  [first, a]: [string, TranslationModel],
  [folder, b]: [string, TranslationModel],
): void {
  const vocabularyOf = ({ vocabularies }: TranslationModel) =>
    JSON.stringify(vocabulariesToJson(vocabularies));
  if (vocabularyOf(a) === vocabularyOf(b)) return;
  throw new AttendError(
    "BAD_DATA",
    `${folder} has another vocabulary than ${first}; only models with one vocabulary can be averaged`,
  );
}
