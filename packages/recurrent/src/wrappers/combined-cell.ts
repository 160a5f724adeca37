import { Linear } from "@attend/nn";
import { AttendError, type Random, tf } from "@attend/runtime";
import type { Cell, CellState, Running } from "../cell.ts";
import { WrapperCell } from "./wrapper-cell.ts";

/** A cell whose output goes out together with its input, which must be of one size. */
abstract class CombinedCell<State extends CellState> extends WrapperCell<State> {
  /** @throws AttendError BAD_ARGUMENT where input and output are not of one size */
  constructor(cell: Cell<State>) {
    super(cell);
    if (cell.inputSize !== cell.units) {
      throw new AttendError(
        "BAD_ARGUMENT",
        `the cell's input has ${cell.inputSize} features and its output ${cell.units}; to combine them they must be as many`,
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

/** A residual connection, `y = x + cell(x)` (He et al. 2016; between recurrent layers Wu et al. 2016, equation 5). */
export class ResidualCell<State extends CellState> extends CombinedCell<State> {
  protected override combine<T extends tf.Tensor>(input: T, output: T): T {
    return tf.add(input, output);
  }
}

/**
 * A highway connection, `y = t cell(x) + (1 - t) x` with `t = sigmoid(x W + b)` (Srivastava, Greff &
 * Schmidhuber 2015, equation 3; between recurrent layers, on the outputs, after Zhang et al. 2016).
 */
export class HighwayCell<State extends CellState> extends CombinedCell<State> {
  /** t, from the input */
  readonly gate: Linear;

  /** The gate's bias is -1 at first, so that the input passes (Srivastava et al. 2015, section 2.2). */
  constructor(cell: Cell<State>, random: Random | undefined) {
    super(cell);
    this.gate = new Linear(cell.units, cell.units, random);
    tf.tidy(() => this.gate.bias?.assign(tf.fill([cell.units], -1)));
  }

  protected override combine<T extends tf.Tensor>(input: T, output: T): T {
    const open = tf.sigmoid(this.gate.forward(input));
    return tf.add(input, tf.mul(open, tf.sub(output, input)));
  }
}
