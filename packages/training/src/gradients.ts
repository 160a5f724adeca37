import { AttendError, floatType, isNative, nativeKernel, tf, variableGrads } from "@attend/runtime";
import type { Group } from "@attend/runtime/group";
import type { TrainingConfig } from "./config.ts";
import type { GradientExchange } from "./gradient-exchange.ts";
import type { TrainedParameter } from "./optimizer.ts";
import type { Loss } from "./task.ts";

/** How gradients are clipped: at most one of the three. */
export type Clipping = Pick<TrainingConfig, "clipNorm" | "clipValue" | "clipParameterNorm">;

/** Gradients by parameter name, with the loss and metrics; the caller disposes the gradients. */
export interface StepGradients {
  readonly gradients: Map<string, tf.Tensor>;
  readonly loss: number;
  readonly items: number;
  readonly metrics: Record<string, number>;
}

/**
 * Averages the gradients of an update's batches, weighted by their items.
 */
export class GradientAccumulator {
  readonly #trained: readonly TrainedParameter[];
  readonly #weighted: boolean;
  readonly #sums = new Map<string, tf.Tensor>();
  readonly #metrics = new Map<string, number>();
  #loss = 0;
  #items = 0;

  /** @param weighted false for a single batch, whose gradients are used unchanged */
  constructor(trained: readonly TrainedParameter[], weighted: boolean) {
    this.#trained = trained;
    this.#weighted = weighted;
  }

  /**
   * Differentiates a batch's loss and adds its gradients.
   *
   * @param exchange for the last batch: is offered the sums while the backward pass goes on
   */
  add(computeLoss: () => Loss, exchange?: GradientExchange): void {
    const metrics: [string, tf.Scalar][] = [];
    let items = 1;
    const parameters = this.#trained.map(({ parameter }) => parameter);
    const loss = (): tf.Scalar => {
      const result = computeLoss();
      items = result.items ?? 1;
      for (const [name, metric] of Object.entries(result.metrics ?? {})) {
        metrics.push([name, tf.keep(metric.clone())]);
      }
      return this.#weighted ? tf.mul(result.loss, items) : result.loss;
    };
    const offer = (index: number, gradient: tf.Tensor): void => {
      const name = this.#trained[index]?.name;
      if (name === undefined) return;
      const sum = this.#sums.get(name);
      tf.tidy(() => exchange?.offer(name, sum === undefined ? gradient : tf.add(sum, gradient)));
    };
    const { value, grads } = variableGrads(loss, parameters, exchange && offer);
    this.#loss += scalarValue(value) * (this.#weighted ? 1 : items);
    this.#items += items;
    for (const [name, metric] of metrics) this.#addMetric(name, scalarValue(metric) * items);
    for (const { name, parameter } of this.#trained) {
      const gradient = grads[parameter.name];
      if (gradient === undefined) continue;
      const sum = this.#sums.get(name);
      this.#sums.set(name, sum === undefined ? gradient : tf.add(sum, gradient));
      if (sum !== undefined) tf.dispose([sum, gradient]);
    }
  }

  /** Adds what the other processes of a group have accumulated: all then have the same. */
  async gather(group: Group, exchange: GradientExchange): Promise<void> {
    await exchange.finish(this.#sums);
    const own = { loss: this.#loss, items: this.#items, metrics: [...this.#metrics] };
    const all = await group.gather(own);
    this.#loss = all.reduce((sum, { loss }) => sum + loss, 0);
    this.#items = all.reduce((sum, { items }) => sum + items, 0);
    this.#metrics.clear();
    for (const [name, sum] of all.flatMap(({ metrics }) => metrics)) this.#addMetric(name, sum);
  }

  /**
   * The mean gradients, clipped (by global norm: Pascanu et al. 2013; by value: Mikolov 2012), and their
   * global norm before clipping. Empties the accumulator.
   *
   * @throws AttendError NOT_FINITE, naming the step and the first parameter concerned
   */
  finish(clipping: Clipping, step: number): StepGradients & { gradientNorm: number } {
    const items = this.#items;
    const loss = this.#loss / items;
    const mean = this.#weighted ? 1 / items : 1;
    const gradientNorm = globalNorm([...this.#sums.values()]) * mean;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw this.#notFinite(step, loss);
    const { clipNorm } = clipping;
    const clip = clipNorm !== undefined && gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
    const gradients = new Map(this.#sums);
    this.#sums.clear();
    for (const [name, gradient] of gradients) {
      const applied = tf.tidy(() => clipped(gradient, mean * clip, clipping));
      if (applied === gradient) continue;
      gradients.set(name, applied);
      gradient.dispose();
    }
    const metrics = Object.fromEntries(
      [...this.#metrics].map(([name, sum]) => [name, sum / items]),
    );
    return { gradients, loss, items, metrics, gradientNorm };
  }

  /** Disposes the gradients that `finish` has not returned. */
  dispose(): void {
    tf.dispose([...this.#sums.values()]);
    this.#sums.clear();
  }

  #addMetric(name: string, sum: number): void {
    this.#metrics.set(name, (this.#metrics.get(name) ?? 0) + sum);
  }

  #notFinite(step: number, loss: number): AttendError {
    const culprit = [...this.#sums].find(([, gradient]) => !hasOnlyNumbers(gradient))?.[0];
    const where =
      culprit === undefined
        ? "only the norm of the gradients is not finite"
        : `the first parameter with a gradient that is not finite is ${culprit}`;
    return new AttendError(
      "NOT_FINITE",
      `step ${step}: the loss is ${loss} and ${where}; lower the learning rate, clip with clipNorm, or check the data of this step (the last checkpoint is intact)`,
    );
  }
}

/** The gradient of one parameter, scaled and then clipped on its own; the same tensor if nothing changes. */
function clipped(
  gradient: tf.Tensor,
  scale: number,
  { clipValue, clipParameterNorm }: Clipping,
): tf.Tensor {
  const scaled = scale === 1 ? gradient : tf.mul(gradient, scale);
  if (clipValue !== undefined) return tf.clipByValue(scaled, -clipValue, clipValue);
  if (clipParameterNorm === undefined) return scaled;
  return tf.mul(scaled, tf.minimum(1, tf.div(clipParameterNorm, tf.norm(scaled))));
}

/** The Euclidean norm of all elements of all tensors; one pass over the memory, one number read back. */
export function globalNorm(tensors: readonly tf.Tensor[]): number {
  if (tensors.length === 0) return 0;
  const squares = tf.tidy(() =>
    tf.addN(
      tensors.map((tensor) =>
        isNative() ? nativeKernel("L2Loss", [floatType], [tensor]) : tf.sum(tf.square(tensor)),
      ),
    ),
  );
  // L2Loss is half the sum of squares.
  return Math.sqrt(scalarValue(squares) * (isNative() ? 2 : 1));
}

function hasOnlyNumbers(tensor: tf.Tensor): boolean {
  return tensor.dataSync().every(Number.isFinite);
}

/** Reads and disposes a scalar. */
function scalarValue(scalar: tf.Tensor): number {
  const value = scalar.dataSync()[0] ?? Number.NaN;
  scalar.dispose();
  return value;
}
