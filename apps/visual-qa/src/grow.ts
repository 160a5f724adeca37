import { assignWeights, type Module, readWeights, type StoredTensor } from "@attend/nn";

/**
 * Assigns the weights of a smaller network, which it then computes as before (Net2Net, Chen et al. 2016): to its first
 * rows where it has more, with zeros for the others. What only the larger network has keeps its value.
 *
 * @param source where the tensors come from, for the error
 * @throws AttendError BAD_WEIGHTS unless each tensor fits
 */
export function assignGrown(
  module: Module,
  tensors: ReadonlyMap<string, StoredTensor>,
  source: string,
): void {
  const weights = new Map<string, StoredTensor>(readWeights(module));
  for (const [name, stored] of tensors) {
    const { shape } = weights.get(name) ?? stored;
    weights.set(name, hasFewerRows(stored.shape, shape) ? padded(stored, shape) : stored);
  }
  assignWeights(module, weights, source);
}

function hasFewerRows(one: readonly number[], other: readonly number[]): boolean {
  const [rows = 0, ...row] = one;
  const [more = 0, ...wanted] = other;
  return rows < more && row.join() === wanted.join();
}

function padded({ data }: StoredTensor, shape: readonly number[]): StoredTensor {
  const all = new Float32Array(shape.reduce((size, each) => size * each, 1));
  all.set(data);
  return { shape: [...shape], data: all };
}
