import type { tf } from "@attend/runtime";
import {
  Cell,
  type CellState,
  type Drawing,
  type Running,
  type StateSizes,
  type Step,
  type Unrolled,
} from "../cell.ts";

/** A cell that wraps another cell of the same size. */
export abstract class WrapperCell<State extends CellState> extends Cell<State> {
  readonly cell: Cell<State>;
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: StateSizes<State>;

  constructor(cell: Cell<State>) {
    super();
    this.cell = cell;
    this.inputSize = cell.inputSize;
    this.units = cell.units;
    this.stateSizes = cell.stateSizes;
  }

  /** Wraps the inner cell; with `drawing`, for training. */
  protected abstract around(inner: Running<State>, drawing?: Drawing): Running<State>;

  /** One step of the wrapped cell. */
  step(input: tf.Tensor2D, state: State): Step<State> {
    return this.around(this.cell).step(input, state);
  }

  /** An entire sequence of the wrapped cell. */
  override sequence(
    input: tf.Tensor3D,
    state: State,
    lengths?: readonly number[],
  ): Unrolled<State> {
    return this.around(this.cell).sequence(input, state, lengths);
  }

  override drawn(drawing: Drawing): Running<State> {
    return this.around(this.cell.drawn(drawing), drawing);
  }
}
