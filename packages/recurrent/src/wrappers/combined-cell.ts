import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Cell, CellState, Running } from "../cell.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/** A cell whose output is combined with its input, which must have the same size. */
abstract class CombinedCell<State extends CellState> extends WrapperCell<State> {
  /** @throws AttendError BAD_ARGUMENT if the sizes of input and output differ */
  constructor(cell: Cell<State>) {
    super(cell);
    if (cell.inputSize !== cell.units) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the cell's input has ${cell.inputSize} features and its output ${cell.units}; to be combined, they must be equal`,
      );
    }
  }

  protected abstract combine<T extends tf.Tensor>(input: T, output: T): T;

  protected override around(inner: Running<State>): Running<State> {
    return {
      step: (input, before) => {
        const { output, state } = inner.step(input, before);
        return { output: this.combine(input, output), state };
      },
      sequence: (input, before, lengths) => {
        const { output, state } = inner.sequence(input, before, lengths);
        return { output: this.combine(input, output), state };
      },
    };
  }
}

/** A residual connection, `y = x + cell(x)` (He et al. 2016; Wu et al. 2016, equation 5). */
export class ResidualCell<State extends CellState> extends CombinedCell<State> {
  protected override combine<T extends tf.Tensor>(input: T, output: T): T {
    return tf.add(input, output);
  }
}

/**
 * A highway connection, `y = t cell(x) + (1 - t) x` with `t = sigmoid(x W + b)` (Srivastava, Greff &
 * Schmidhuber 2015, equation 3; for recurrent layers Zhang et al. 2016).
 */
export class HighwayCell<State extends CellState> extends CombinedCell<State> {
  /** Computes t from the input. */
  readonly gate: Linear;

  /** Initializes the gate's bias to -1, so that the input passes (Srivastava et al. 2015, section 2.2). */
  constructor(cell: Cell<State>, random: Random | undefined) {
    super(cell);
    this.gate = new Linear(cell.units, cell.units, random);
    tf.tidy(() => this.gate.bias?.assign(tf.fill([cell.units], -1)));
  }

  protected override combine<T extends tf.Tensor>(input: T, output: T): T {
    const gate = tf.sigmoid(this.gate.forward(input));
    return tf.add(input, tf.mul(gate, tf.sub(output, input)));
  }
}
