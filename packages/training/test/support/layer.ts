import { Module, type Parameter, parameter } from "@attend/nn";
import { tf } from "@attend/runtime";

/** `[3, 4]` and `[4]` with given values. */
export class Layer extends Module {
  readonly kernel: Parameter;
  readonly bias: Parameter;

  constructor({ kernel, bias }: { kernel: readonly number[]; bias: readonly number[] }) {
    super();
    this.kernel = parameter(tf.tensor([...kernel], [3, 4]));
    this.bias = parameter(tf.tensor([...bias]));
  }
}
