import { isBuffer, type Module, type Parameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import type { TrainedParameter } from "./optimizer.ts";
import { createSlot, type Slot, subtractScaled } from "./slot.ts";

export interface EmaConfig {
  readonly decay: number;
  readonly every: number;
}

/**
 * An exponential moving average of the weights (Polyak & Juditsky 1992), which often validates better
 * than the weights themselves: `average -= (1 - d)(average - weights)`, where d rises with the step t as
 * min(decay, (1 + t) / (10 + t)), so that the initial weights fade quickly. With `every` k it is updated
 * at every k-th step with d^k. Frozen parameters are left out; buffers are averaged too.
 */
export class WeightAverage {
  readonly #averages: readonly { name: string; parameter: Parameter; slot: Slot }[];
  readonly #config: EmaConfig;

  constructor(config: EmaConfig, module: Module, trained: readonly TrainedParameter[]) {
    this.#config = config;
    const names = new Set(trained.map(({ name }) => name));
    this.#averages = [...module.namedParameters()]
      .filter(([name, parameter]) => names.has(name) || isBuffer(parameter))
      .map(([name, parameter]) => ({ name, parameter, slot: createSlot(parameter.clone()) }));
  }

  /** Adds the weights after update number `step` (from 1). */
  update(step: number): void {
    const { decay, every } = this.#config;
    if (step % every !== 0) return;
    const kept = Math.min(decay, (1 + step) / (10 + step)) ** every;
    for (const { parameter, slot } of this.#averages) {
      const average = slot.read();
      const difference = tf.sub(average, parameter);
      average.dispose();
      subtractScaled(slot, 1 - kept, difference);
      difference.dispose();
    }
  }

  /** Runs `body` while the parameters hold the averages; no data is copied. */
  async during<T>(body: () => Promise<T>): Promise<T> {
    const saved = this.#averages.map(({ parameter }) => tf.keep(parameter.clone()));
    try {
      for (const { parameter, slot } of this.#averages) assign(parameter, slot.read());
      return await body();
    } finally {
      for (const [i, { parameter }] of this.#averages.entries()) {
        const value = saved[i];
        if (value !== undefined) assign(parameter, value);
      }
    }
  }

  /** The averages by name, for a checkpoint: `ema/decoder.kernel`. */
  slots(): ReadonlyMap<string, Slot> {
    return new Map(this.#averages.map(({ name, slot }) => [`ema/${name}`, slot]));
  }

  dispose(): void {
    for (const { slot } of this.#averages) slot.dispose();
  }
}

/** Assigns and disposes `value`. */
function assign(parameter: Parameter, value: tf.Tensor): void {
  parameter.assign(value);
  value.dispose();
}
