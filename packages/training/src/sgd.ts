import { tf } from "@attend/runtime";
import type { SgdConfig } from "./config.ts";
import type { Optimizer, TrainedParameter } from "./optimizer.ts";
import { createSlot, type Slot } from "./slot.ts";

/**
 * Stochastic gradient descent with optional momentum, equal to torch.optim.SGD: `b = momentum b + g`,
 * `weights -= learningRate b`, where g includes `weightDecay weights`.
 */
export class Sgd implements Optimizer {
  readonly #config: SgdConfig;
  readonly #trained: readonly TrainedParameter[];
  readonly #slots = new Map<string, Slot>();

  constructor(config: SgdConfig, trained: readonly TrainedParameter[]) {
    this.#config = config;
    this.#trained = trained;
    if (config.momentum === 0) return;
    for (const { name, parameter } of trained) {
      this.#slots.set(`sgd.momentum/${name}`, createSlot(tf.zeros(parameter.shape)));
    }
  }

  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number): void {
    for (const { name, parameter, weightDecay, learningRateScale } of this.#trained) {
      const raw = gradients.get(name);
      if (raw === undefined) continue;
      tf.tidy(() => {
        const slot = this.#slots.get(`sgd.momentum/${name}`);
        let change = weightDecay === 0 ? raw : tf.add(raw, tf.mul(parameter, weightDecay));
        if (slot !== undefined) {
          change = tf.add(tf.mul(slot.read(), this.#config.momentum), change);
          slot.write(change);
        }
        parameter.assign(tf.sub(parameter, tf.mul(change, learningRate * learningRateScale)));
      });
    }
  }

  slots(): ReadonlyMap<string, Slot> {
    return this.#slots;
  }

  dispose(): void {
    for (const slot of this.#slots.values()) slot.dispose();
  }
}
