import {
  assignWeights,
  averageWeights,
  type Module,
  readWeights,
  type StoredTensor,
} from "@attend/nn";
import { AttendError } from "@attend/runtime";
import { firstDifference } from "@attend/runtime/config";

/** What averaging has to know of an app's models. */
export interface Averaging<Model> {
  load(folder: string): Promise<Model>;
  /** Its weights; disposed with the model. */
  moduleOf(model: Model): Module;
  /** What weights belong to, plain JSON: it has to be the same. */
  kindOf(model: Model): object;
  /** Throws where the vocabularies differ. */
  requireSameVocabulary(first: [folder: string, Model], other: [folder: string, Model]): void;
}

/**
 * The first of the models in `folders` with the mean weights of all; the caller disposes it.
 *
 * @param shares how much each counts; by default all alike
 * @throws AttendError BAD_CONFIG where they are not of one kind; whatever else reading them throws
 */
export async function averageModels<Model>(
  folders: readonly string[],
  { load, moduleOf, kindOf, requireSameVocabulary }: Averaging<Model>,
  shares?: readonly number[],
): Promise<Model> {
  const [first = "", ...others] = folders;
  const mean = await load(first);
  try {
    const all: Map<string, StoredTensor>[] = [readWeights(moduleOf(mean))];
    for (const folder of others) {
      const model = await load(folder);
      try {
        requireSameKind([first, kindOf(mean)], [folder, kindOf(model)]);
        requireSameVocabulary([first, mean], [folder, model]);
        all.push(readWeights(moduleOf(model)));
      } finally {
        moduleOf(model).dispose();
      }
    }
    assignWeights(moduleOf(mean), averageWeights(all, shares), "the mean");
    return mean;
  } catch (thrown) {
    moduleOf(mean).dispose();
    throw thrown;
  }
}

function requireSameKind([first, a]: [string, object], [folder, b]: [string, object]): void {
  const difference = firstDifference(a, b);
  if (difference === undefined) return;
  const { path, saved, given } = difference;
  throw new AttendError(
    "BAD_CONFIG",
    `${folder} is another kind of model than ${first}: ${path} is ${given}, not ${saved}; only models of one kind can be averaged`,
  );
}
