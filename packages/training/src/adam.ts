import { floatType, nativeKernels, tf } from "@attend/runtime";
import type { AdamConfig } from "./config.ts";
import type { Optimizer, TrainedParameter } from "./optimizer.ts";
import { createSlot, ResourceSlot, type Slot } from "./slot.ts";

/**
 * Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), equal to torch.optim: the weights
 * move by `learningRate m' / (sqrt(v') + epsilon)` with the bias-corrected moments m', v'. AdamW
 * first shrinks them by `learningRate weightDecay`; Adam adds `weightDecay weights` to the gradient.
 */
export abstract class Adam implements Optimizer {
  readonly #slots = new Map<string, Slot>();
  protected readonly config: AdamConfig;
  protected readonly trained: readonly TrainedParameter[];

  constructor(config: AdamConfig, trained: readonly TrainedParameter[]) {
    this.config = config;
    this.trained = trained;
  }

  abstract apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
    step: number,
  ): void;

  slots(): ReadonlyMap<string, Slot> {
    return this.#slots;
  }

  dispose(): void {
    for (const slot of this.#slots.values()) slot.dispose();
  }

  protected addSlot<S extends Slot>(name: string, slot: S): S {
    this.#slots.set(name, slot);
    return slot;
  }

  /**
   * The rate and epsilon that include the bias correction, so that the moments need none:
   * `rate m' / (sqrt(v') + eps) = rate c2 / c1 m / (sqrt(v) + eps c2)`.
   */
  protected corrected(learningRate: number, step: number): { rate: number; epsilon: number } {
    const { beta1, beta2, epsilon } = this.config;
    const c1 = 1 - beta1 ** step;
    const c2 = Math.sqrt(1 - beta2 ** step);
    return { rate: (learningRate * c2) / c1, epsilon: epsilon * c2 };
  }

  /** Weights and gradient with weight decay applied; call it in a tidy. */
  protected decayed(
    { parameter, weightDecay, learningRateScale }: TrainedParameter,
    gradient: tf.Tensor,
    learningRate: number,
  ): { weights: tf.Tensor; gradient: tf.Tensor } {
    if (weightDecay === 0) return { weights: parameter, gradient };
    if (this.config.name === "adam") {
      return { weights: parameter, gradient: tf.add(gradient, tf.mul(parameter, weightDecay)) };
    }
    const kept = 1 - learningRate * learningRateScale * weightDecay;
    return { weights: tf.mul(parameter, kept), gradient };
  }
}

/** Updates in place with TensorFlow's kernel: one pass over the memory of weights, moments and gradient. */
export class NativeAdam extends Adam {
  readonly #moments: readonly { m: ResourceSlot; v: ResourceSlot }[];
  /** Holds the weights while the kernel updates them; otherwise they belong to their parameter. */
  readonly #weights = new ResourceSlot();

  constructor(config: AdamConfig, trained: readonly TrainedParameter[]) {
    super(config, trained);
    this.#moments = trained.map(({ name, parameter }) => {
      const moments = { m: new ResourceSlot(), v: new ResourceSlot() };
      tf.tidy(() => {
        moments.m.write(tf.zeros(parameter.shape));
        moments.v.write(tf.zeros(parameter.shape));
      });
      this.addSlot(`adam.m/${name}`, moments.m);
      this.addSlot(`adam.v/${name}`, moments.v);
      return moments;
    });
  }

  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number, step: number): void {
    const { beta1, beta2 } = this.config;
    const { rate, epsilon } = this.corrected(learningRate, step);
    tf.tidy(() => {
      const zero = tf.scalar(0);
      const betas = [tf.scalar(beta1), tf.scalar(beta2), tf.scalar(epsilon)];
      const rates = new Map<number, tf.Tensor>();
      for (const [i, trained] of this.trained.entries()) {
        const gradient = gradients.get(trained.name);
        const moments = this.#moments[i];
        if (gradient === undefined || moments === undefined) continue;
        const scale = trained.learningRateScale;
        const scaledRate = rates.get(scale) ?? tf.scalar(rate * scale);
        rates.set(scale, scaledRate);
        tf.tidy(() => {
          const decayed = this.decayed(trained, gradient, learningRate);
          this.#weights.write(decayed.weights);
          release(trained.parameter);
          if (decayed.weights !== trained.parameter) decayed.weights.dispose();
          const scalars = [zero, zero, scaledRate, ...betas];
          applyAdam(this.#weights, moments.m, moments.v, scalars, decayed.gradient);
          trained.parameter.assign(this.#weights.read());
        });
      }
    });
  }

  override dispose(): void {
    super.dispose();
    this.#weights.dispose();
  }
}

/** Composed of plain operations, for every engine. */
export class ComposedAdam extends Adam {
  readonly #moments: readonly { m: Slot; v: Slot }[];

  constructor(config: AdamConfig, trained: readonly TrainedParameter[]) {
    super(config, trained);
    this.#moments = trained.map(({ name, parameter }) => ({
      m: this.addSlot(`adam.m/${name}`, createSlot(tf.zeros(parameter.shape))),
      v: this.addSlot(`adam.v/${name}`, createSlot(tf.zeros(parameter.shape))),
    }));
  }

  apply(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number, step: number): void {
    const { beta1, beta2 } = this.config;
    const { rate, epsilon } = this.corrected(learningRate, step);
    for (const [i, trained] of this.trained.entries()) {
      const raw = gradients.get(trained.name);
      const slots = this.#moments[i];
      if (raw === undefined || slots === undefined) continue;
      tf.tidy(() => {
        const { weights, gradient } = this.decayed(trained, raw, learningRate);
        const m = tf.add(tf.mul(slots.m.read(), beta1), tf.mul(gradient, 1 - beta1));
        const v = tf.add(tf.mul(slots.v.read(), beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const change = tf.div(m, tf.add(tf.sqrt(v), epsilon));
        slots.m.write(m);
        slots.v.write(v);
        trained.parameter.assign(tf.sub(weights, tf.mul(change, rate * trained.learningRateScale)));
      });
    }
  }
}

/** Releases a parameter's buffer, so that the kernel can write into it; the parameter is assigned right after. */
function release(parameter: tf.Variable): void {
  const empty = tf.engine().makeTensor(new Float32Array(0), parameter.shape, "float32");
  parameter.assign(empty);
  empty.dispose();
}

/**
 * One Adam step on resources: `m += (g - m)(1 - beta1)`, `v += (g^2 - v)(1 - beta2)`,
 * `weights -= learningRate m / (sqrt(v) + epsilon)`.
 *
 * @param scalars two zeros (for the powers of the betas, which the learning rate already includes),
 *   learningRate, beta1, beta2, epsilon
 */
function applyAdam(
  weights: ResourceSlot,
  m: ResourceSlot,
  v: ResourceSlot,
  scalars: readonly tf.Tensor[],
  gradient: tf.Tensor,
): void {
  const inputs = [weights.handle, m.handle, v.handle, ...scalars, gradient];
  nativeKernels("ResourceApplyAdam", [floatType], inputs, 0);
}
