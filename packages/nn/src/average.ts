import { AttendError } from "@attend/runtime";
import type { StoredTensor } from "./safetensors.ts";

type Weights = ReadonlyMap<string, StoredTensor>;

/**
 * The weighted mean of several models' weights: checkpoints of one training, or models trained from the
 * same starting point, whose mean is often better than each of them ('Model Soups', Wortsman et al. 2022).
 *
 * @param shares relative weight of each model; they need not sum to 1
 * @throws AttendError BAD_WEIGHTS if tensors or shapes differ from the first model's; BAD_ARGUMENT if there
 *   are no models, or for shares that are not above 0
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
      `${all.length} models with the shares ${shares.join(", ")}; give at least one model, and a share above 0 for each`,
    );
  }
  return new Map(
    [...first].map(([name, { shape, data }]) => {
      const mean = new Float64Array(data.length);
      for (const [i, weights] of all.entries()) {
        const stored = weights.get(name);
        if (stored?.shape.join() !== shape.join() || weights.size !== first.size) {
          throw new AttendError(
            "BAD_WEIGHTS",
            `model ${i + 1} has different tensors than the first: ${name} [${shape}] is ${stored === undefined ? "missing" : `[${stored.shape}]`}, ${weights.size} tensors, not ${first.size}; average models of the same kind`,
          );
        }
        const share = (shares[i] ?? 0) / total;
        stored.data.forEach((value, at) => {
          mean[at] = (mean[at] ?? 0) + share * value;
        });
      }
      return [name, { shape, data: Float32Array.from(mean) }];
    }),
  );
}
