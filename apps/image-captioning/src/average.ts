import { assignWeights, averageWeights, readWeights, type StoredTensor } from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { firstDifference } from "@attend/training";
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
  const [first = "", ...others] = folders;
  const mean = await loadCaptioningModel(first);
  try {
    const all: Map<string, StoredTensor>[] = [readWeights(mean)];
    for (const folder of others) {
      const model = await loadCaptioningModel(folder);
      try {
        checkKind([first, mean], [folder, model]);
        all.push(readWeights(model));
      } finally {
        model.dispose();
      }
    }
    assignWeights(mean, averageWeights(all, shares), "the mean");
    await saveCaptioningModel(mean, out, { precision: "float16" });
  } finally {
    mean.dispose();
  }
}

function checkKind([first, a]: [string, CaptioningModel], [folder, b]: [string, CaptioningModel]) {
  const difference = firstDifference(kindOf(a.config), kindOf(b.config), "");
  if (difference !== undefined) {
    const { path, saved, given } = difference;
    throw new AttendError(
      "BAD_CONFIG",
      `${folder} is another kind of model than ${first}: ${path} is ${given}, not ${saved}; only models of one kind can be averaged`,
    );
  }
  if (JSON.stringify(a.vocabulary) === JSON.stringify(b.vocabulary)) return;
  throw new AttendError(
    "BAD_DATA",
    `${folder} knows other words than ${first}; only models with one vocabulary can be averaged`,
  );
}
