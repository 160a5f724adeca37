import { AttendError, loadEngine } from "@attend/runtime";
import { averageModels as averageAll } from "@attend/training";
import { type CaptioningModel, kindOf, loadCaptioningModel, saveCaptioningModel } from "./model.ts";

/**
 * Writes a model with the mean weights of the models in `folders`, float16, decoding as the first one.
 *
 * @param shares how much each counts; by default all alike
 * @throws AttendError BAD_CONFIG where they are not of one kind, BAD_DATA where they know other words
 */
export async function averageModels(
  folders: readonly string[],
  out: string,
  shares?: readonly number[],
): Promise<void> {
  const models = {
    load: loadCaptioningModel,
    moduleOf: (model: CaptioningModel) => model,
    kindOf: ({ config }: CaptioningModel) => kindOf(config),
    requireSameVocabulary,
  };
  await loadEngine();
  const mean = await averageAll(folders, models, shares);
  try {
    await saveCaptioningModel(mean, out, { precision: "float16" });
  } finally {
    mean.dispose();
  }
}

function requireSameVocabulary(
  [first, a]: [string, CaptioningModel],
  [folder, b]: [string, CaptioningModel],
): void {
  if (JSON.stringify(a.vocabulary) === JSON.stringify(b.vocabulary)) return;
  throw new AttendError(
    "BAD_DATA",
    `${folder} knows other words than ${first}; only models with one vocabulary can be averaged`,
  );
}
