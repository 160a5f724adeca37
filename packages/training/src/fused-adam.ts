import { fusedAdam, tf } from "@attend/runtime";
import { Adam } from "./adam.ts";
import type { AdamConfig } from "./config.ts";
import type { TrainedParameter } from "./optimizer.ts";
import type { Slot } from "./slot.ts";

/** Updates with the runtime's own operation: one call and one pass over the memory for all parameters. */
export class FusedAdam extends Adam {
  readonly #m: JoinedSlots;
  readonly #v: JoinedSlots;

  constructor(config: AdamConfig, trained: readonly TrainedParameter[]) {
    super(config, trained);
    const shapes = trained.map(({ parameter }) => parameter.shape);
    this.#m = new JoinedSlots(shapes);
    this.#v = new JoinedSlots(shapes);
    for (const [i, { name }] of trained.entries()) {
      this.addSlot(`adam.m/${name}`, this.#m.slot(i));
      this.addSlot(`adam.v/${name}`, this.#v.slot(i));
    }
  }

  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number, step: number): void {
    const { rate, epsilon } = this.corrected(learningRate, step);
    const { name, beta1, beta2 } = this.config;
    const updates = this.trained.flatMap(
      ({ name: parameterName, parameter, weightDecay, learningRateScale }, i) => {
        const gradient = gradients.get(parameterName);
        if (gradient === undefined) return [];
        const decay = learningRate * learningRateScale * weightDecay;
        return {
          parameter,
          weights: parameter,
          gradient,
          offset: this.#m.offset(i),
          rate: rate * learningRateScale,
          weightFactor: name === "adamw" ? 1 - decay : 1,
          l2: name === "adam" ? weightDecay : 0,
        };
      },
    );
    if (updates.length === 0) return;
    const moments = { m: this.#m.value(), v: this.#v.value() };
    const next = fusedAdam(moments, updates, { beta1, beta2, epsilon });
    this.#m.replace(next.m);
    this.#v.replace(next.v);
    for (const [i, { parameter }] of updates.entries()) {
      const weights = next.weights[i];
      if (weights === undefined) continue;
      parameter.assign(weights);
      weights.dispose();
    }
  }

  override dispose(): void {
    this.#m.dispose();
    this.#v.dispose();
  }
}

/** Tensors concatenated in one, initially zero, each of which can be read and written. */
class JoinedSlots {
  readonly #shapes: readonly number[][];
  /** Where each begins, followed by the end of the last. */
  readonly #offsets: readonly number[];
  #value: tf.Tensor1D;
  /** Written, but not yet part of `#value`: a checkpoint writes all, one after another. */
  readonly #written = new Map<number, tf.Tensor1D>();

  constructor(shapes: readonly number[][]) {
    this.#shapes = shapes;
    let end = 0;
    this.#offsets = [0, ...shapes.map((shape) => (end += tf.util.sizeFromShape(shape)))];
    this.#value = tf.keep(tf.zeros([end]));
  }

  offset(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  value(): tf.Tensor1D {
    if (this.#written.size > 0) {
      const parts = this.#shapes.map((_, i) => this.#current(i));
      this.replace(tf.concat1d(parts));
      tf.dispose(parts);
      this.#written.clear();
    }
    return this.#value;
  }

  /** Keeps `value` as its own. */
  replace(value: tf.Tensor1D): void {
    this.#value.dispose();
    this.#value = tf.keep(value);
  }

  slot(index: number): Slot {
    return {
      read: () => tf.tidy(() => tf.reshape(this.#current(index), this.#shapes[index] ?? [])),
      write: (value) => {
        this.#written.get(index)?.dispose();
        this.#written.set(index, tf.keep(tf.reshape<tf.Rank.R1>(value, [-1])));
      },
      dispose: () => {},
    };
  }

  dispose(): void {
    this.#value.dispose();
    tf.dispose([...this.#written.values()]);
  }

  #current(index: number): tf.Tensor1D {
    const begin = this.offset(index);
    const size = this.offset(index + 1) - begin;
    return this.#written.get(index) ?? tf.slice(this.#value, begin, size);
  }
}
