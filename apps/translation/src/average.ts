import { assignWeights, averageWeights, readWeights, type StoredTensor } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { firstDifference } from "@attend/training";
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
  const [first = "", ...others] = folders;
  const mean = await loadTranslationModel(first);
  try {
    const all: Map<string, StoredTensor>[] = [readWeights(mean.network.module)];
    for (const folder of others) {
      const model = await loadTranslationModel(folder);
      try {
        checkKind([first, mean], [folder, model]);
        all.push(readWeights(model.network.module));
      } finally {
        model.network.module.dispose();
      }
    }
    assignWeights(mean.network.module, averageWeights(all, shares), "the mean");
    await saveTranslationModel(mean, out);
  } finally {
    mean.network.module.dispose();
  }
}

function checkKind(
  [first, a]: [string, TranslationModel],
  [folder, b]: [string, TranslationModel],
) {
  const kindOf = ({ config: { from, to, network } }: TranslationModel) => ({ from, to, network });
  const difference = firstDifference(kindOf(a), kindOf(b), "");
  if (difference !== undefined) {
    const { path, saved, given } = difference;
    throw new AttendError(
      "BAD_CONFIG",
      `${folder} is another kind of model than ${first}: ${path} is ${given}, not ${saved}; only models of one kind can be averaged`,
    );
  }
  const vocabularyOf = (model: TranslationModel) =>
    JSON.stringify(vocabulariesToJson(model.vocabularies));
  if (vocabularyOf(a) === vocabularyOf(b)) return;
  throw new AttendError(
    "BAD_DATA",
    `${folder} has another vocabulary than ${first}; only models with one vocabulary can be averaged`,
  );
}
