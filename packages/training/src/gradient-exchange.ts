import { tf } from "@attend/runtime";
import type { Group } from "@attend/runtime/group";
import type { TrainedParameter } from "./optimizer.ts";

/**
 * Sums the gradients of a group's processes, all in one buffer, which is allocated once. Each parameter's elements are
 * followed by the number of processes that have a gradient of it.
 */
export class GradientExchange {
  readonly #group: Group;
  readonly #trained: readonly TrainedParameter[];
  readonly #buffer: Float32Array;

  constructor(group: Group, trained: readonly TrainedParameter[]) {
    this.#group = group;
    this.#trained = trained;
    const length = trained.reduce((sum, { parameter }) => sum + parameter.size + 1, 0);
    this.#buffer = new Float32Array(group.size === 1 ? 0 : length);
  }

  /**
   * Replaces the gradients of this process, by parameter name, by the sums of all processes' gradients; use them before
   * the next call, since they may share its buffer.
   */
  async sum(gradients: Map<string, tf.Tensor>): Promise<void> {
    if (this.#group.size === 1) return;
    for (const [{ name }, part] of this.#parts()) {
      const gradient = gradients.get(name);
      part.fill(0);
      if (gradient === undefined) continue;
      part.set(gradient.dataSync());
      part[part.length - 1] = 1;
      gradient.dispose();
      gradients.delete(name);
    }
    await this.#group.sum(this.#buffer);
    for (const [{ name, parameter }, part] of this.#parts()) {
      if (part.at(-1) === 0) continue;
      gradients.set(name, tf.tensor(part.subarray(0, -1), parameter.shape));
    }
  }

  /** Each parameter, with its part of the buffer. */
  *#parts(): Generator<[TrainedParameter, Float32Array]> {
    let at = 0;
    for (const trained of this.#trained) {
      const end = at + trained.parameter.size + 1;
      yield [trained, this.#buffer.subarray(at, end)];
      at = end;
    }
  }
}
