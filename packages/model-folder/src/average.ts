import {
  assignWeights,
  averageWeights,
  type Module,
  readWeights,
  type StoredTensor,
} from "@attend/nn";
import { firstDifference } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";

/** What averaging needs to know about models. */
interface Averaging<M extends { readonly network: Module }> {
  load(folder: string): Promise<M>;
  /** Plain JSON that is equal for models of the same kind. */
  kindOf(model: M): object;
  /** The contents of its vocabulary.json. */
  tokensOf(model: M): unknown;
}

/**
 * The first of the models in `folders`, with the mean weights of all; the caller disposes its network.
 *
 * @param shares relative weight of each model; equal by default
 * @throws AttendError BAD_CONFIG if their kinds differ, BAD_DATA if their vocabularies differ,
 *   BAD_ARGUMENT for no folders or invalid shares
 */
export async function meanOf<M extends { readonly network: Module }>(
  folders: readonly string[],
  { load, kindOf, tokensOf }: Averaging<M>,
  shares?: readonly number[],
): Promise<M> {
  const [first, ...others] = folders;
  if (first === undefined) {
    throw new AttendError("BAD_ARGUMENT", "no models to average; give at least one folder");
  }
  const mean = await load(first);
  try {
    const [kind, tokens] = [kindOf(mean), JSON.stringify(tokensOf(mean))];
    const all: Map<string, StoredTensor>[] = [readWeights(mean.network)];
    for (const folder of others) {
      const model = await load(folder);
      try {
        requireSameKind([first, kind], [folder, kindOf(model)]);
        if (JSON.stringify(tokensOf(model)) !== tokens) {
          const message = `${folder} has a different vocabulary than ${first}; average models with the same vocabulary`;
          throw new AttendError("BAD_DATA", message);
        }
        all.push(readWeights(model.network));
      } finally {
        model.network.dispose();
      }
    }
    assignWeights(mean.network, averageWeights(all, shares), "the mean");
    return mean;
  } catch (thrown) {
    mean.network.dispose();
    throw thrown;
  }
}

function requireSameKind([first, a]: [string, object], [folder, b]: [string, object]): void {
  const difference = firstDifference(a, b);
  if (difference === undefined) return;
  const { path, saved, given } = difference;
  throw new AttendError(
    "BAD_CONFIG",
    `${folder} is a different kind of model than ${first}: ${path} is ${given}, not ${saved}; average models of the same kind`,
  );
}
