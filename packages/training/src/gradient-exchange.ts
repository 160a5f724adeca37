import { tf } from "@attend/runtime";
import type { Group } from "@attend/runtime/group";
import type { TrainedParameter } from "./optimizer.ts";

/**
 * Elements of a bucket: few enough that the first buckets are full early in the backward pass, and so many that a message's
 * latency does not matter.
 */
const bucketLength = 2 ** 18;

/** Gradients that are summed together: a piece of the buffer. */
interface Bucket {
  readonly names: readonly string[];
  readonly values: Float32Array;
}

/**
 * Sums the gradients of a group's processes during the backward pass, a bucket as soon as it is full, in one buffer that is
 * allocated once. Each parameter's elements are followed by the number of processes that have a gradient of it.
 */
export class GradientExchange {
  readonly #group: Group;
  readonly #trained: readonly TrainedParameter[];
  readonly #parts = new Map<string, Float32Array>();
  readonly #buckets: Bucket[] = [];
  /** What this update has written and started so far. */
  readonly #written = new Set<string>();
  #started = 0;

  constructor(group: Group, trained: readonly TrainedParameter[]) {
    this.#group = group;
    this.#trained = trained;
  }

  /** Takes a gradient of this process that is complete. */
  offer(name: string, gradient: tf.Tensor): void {
    if (this.#group.size > 1) this.#write(name, gradient);
  }

  /**
   * Replaces the gradients of this process, by parameter name, by the sums of all processes' gradients; use them before
   * the next update, since they may share its buffer.
   */
  async finish(gradients: Map<string, tf.Tensor>): Promise<void> {
    if (this.#group.size === 1) return;
    if (this.#buckets.length === 0) await this.#allocate();
    for (const name of this.#parts.keys()) {
      if (!this.#written.has(name)) this.#write(name, gradients.get(name));
    }
    await this.#group.finishSums();
    this.#written.clear();
    this.#started = 0;
    tf.dispose([...gradients.values()]);
    gradients.clear();
    for (const { name, parameter } of this.#trained) {
      const part = this.#parts.get(name) ?? new Float32Array(1);
      if (part.at(-1) === 0) continue;
      gradients.set(name, tf.tensor(part.subarray(0, -1), parameter.shape));
    }
  }

  #write(name: string, gradient: tf.Tensor | undefined): void {
    this.#written.add(name);
    const part = this.#parts.get(name);
    // The first update has no buffer until its end.
    if (part === undefined) return;
    if (gradient === undefined) part.fill(0);
    else part.set(gradient.dataSync());
    part[part.length - 1] = gradient === undefined ? 0 : 1;
    for (const { names, values } of this.#buckets.slice(this.#started)) {
      if (!names.every((each) => this.#written.has(each))) break;
      this.#group.startSum(values);
      this.#started++;
    }
    this.#group.advanceSums();
  }

  /** Fills buckets in the order in which the first process has completed its gradients; sums have to start in the same order in all. */
  async #allocate(): Promise<void> {
    const [completed = []] = await this.#group.gather([...this.#written]);
    const lengths = new Map(
      this.#trained.map(({ name, parameter }) => [name, parameter.size + 1] as const),
    );
    const buffer = new Float32Array([...lengths.values()].reduce((sum, length) => sum + length, 0));
    let [start, at] = [0, 0];
    let names: string[] = [];
    for (const name of new Set([...completed, ...lengths.keys()])) {
      const end = at + (lengths.get(name) ?? 0);
      this.#parts.set(name, buffer.subarray(at, end));
      names.push(name);
      at = end;
      if (at - start < bucketLength && at < buffer.length) continue;
      this.#buckets.push({ names, values: buffer.subarray(start, at) });
      [start, names] = [at, []];
    }
    this.#written.clear();
  }
}
