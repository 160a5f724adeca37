import {
  assignWeights,
  averageWeights,
  type Module,
  readWeights,
  type StoredTensor,
} from "@attend/nn";
import { firstDifference } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";

/** What averaging has to know of models. */
interface Averaging<M extends { readonly network: Module }> {
  load(folder: string): Promise<M>;
  /** Plain JSON that has to be the same for weights to be of one kind. */
  kindOf(model: M): object;
  /** What its tokens' file holds. */
  tokensOf(model: M): unknown;
}

/**
 * The first of the models in `folders` with the mean weights of all; the caller disposes its network.
 *
 * @param shares how much each counts; by default all alike
 * @throws AttendError BAD_CONFIG where they are not of one kind, BAD_DATA where they have other tokens,
 *   BAD_ARGUMENT where there are none, or for shares that do not fit
 */
export async function meanOf<M extends { readonly network: Module }>(
  folders: readonly string[],
  { load, kindOf, tokensOf }: Averaging<M>,
  shares?: readonly number[],
): Promise<M> {
  const [first, ...others] = folders;
  if (first === undefined) {
    throw new AttendError("BAD_ARGUMENT", "no models were given; name the folder of at least one");
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
          const message = `${folder} has another vocabulary than ${first}; only models with one vocabulary can be averaged`;
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
    `${folder} is another kind of model than ${first}: ${path} is ${given}, not ${saved}; only models of one kind can be averaged`,
  );
}
