import { AttendError } from "@attend/runtime";
import type { StoredTensor } from "./safetensors.ts";

type Weights = ReadonlyMap<string, StoredTensor>;

/**
 * The weighted mean of weights that belong to one model: of several checkpoints of a training, or of
 * models that were trained from the same beginning, which often does better than each ('Model Soups',
 * Wortsman et al. 2022).
 *
 * @param shares how much each counts; they need not sum to 1
 * @throws AttendError BAD_WEIGHTS where they hold other tensors or shapes than the first;
 *   BAD_ARGUMENT where there are none, or shares that are not above 0
 */
export function averageWeights(
  all: readonly Weights[],
  shares: readonly number[] = all.map(() => 1),
): Map<string, StoredTensor> {
  const [first] = all;
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (first === undefined || shares.length !== all.length || !shares.every((share) => share > 0)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${all.length} models and the shares ${shares.join(", ")}; give one or more models, and each a share above 0`,
    );
  }
  return new Map(
    [...first].map(([name, { shape, data }]) => {
      const mean = new Float64Array(data.length);
      for (const [i, weights] of all.entries()) {
        const own = weights.get(name);
        if (own?.shape.join() !== shape.join() || weights.size !== first.size) {
          throw new AttendError(
            "BAD_WEIGHTS",
            `model ${i + 1} has other tensors than the first: ${name} [${shape}] is ${own === undefined ? "missing" : `[${own.shape}]`}, ${weights.size} tensors, not ${first.size}; only models of one kind can be averaged`,
          );
        }
        const share = (shares[i] ?? 0) / total;
        own.data.forEach((value, at) => {
          mean[at] = (mean[at] ?? 0) + share * value;
        });
      }
      return [name, { shape, data: Float32Array.from(mean) }];
    }),
  );
}
