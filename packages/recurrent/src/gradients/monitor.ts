import { customGradient, type tf } from "@attend/runtime";
import type { Cell, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { WrapperCell } from "../wrappers/wrapper-cell.ts";

/**
 * Records the norm of the loss's gradient with respect to each hidden state, `|dL/dh_t|` over the
 * batch, which shows where it vanishes or explodes (Pascanu, Mikolov & Bengio 2013, section 2.1).
 */
export class GradientMonitor {
  #norms: number[] = [];

  /**
   * The norms of the last sequence, by step, after its backward pass; 0 for states that do not affect
   * the loss. Single steps of a watched cell are appended until {@link clear}.
   */
  get norms(): readonly number[] {
    return this.#norms;
  }

  /** Clears the recorded norms. */
  clear(): void {
    this.#norms = [];
  }

  /**
   * A cell equivalent to `cell` that runs step by step and records gradients. Its output must be its
   * `h`: wrap the watched cell in a residual or highway connection, not vice versa.
   */
  watch<State extends HiddenState>(cell: Cell<State>): Cell<State> {
    return new WatchedCell(cell, this);
  }

  /** A copy of a state whose gradient is recorded in the backward pass. */
  record(h: tf.Tensor2D): tf.Tensor2D {
    const norms = this.#norms;
    const step = norms.push(0) - 1;
    return customGradient<tf.Tensor2D>(
      [h],
      () => ({ value: h.clone(), saved: [] }),
      (dy) => {
        norms[step] = normOf(dy);
        return [dy.clone()];
      },
    );
  }
}

class WatchedCell<State extends HiddenState> extends WrapperCell<State> {
  readonly #monitor: GradientMonitor;

  constructor(cell: Cell<State>, monitor: GradientMonitor) {
    super(cell);
    this.#monitor = monitor;
  }

  protected override around(inner: Running<State>): Running<State> {
    const step = (input: tf.Tensor2D, before: State) => {
      const { state } = inner.step(input, before);
      const h = this.#monitor.record(state.h);
      return { output: h, state: { ...state, h } };
    };
    return {
      step,
      sequence: (input, initial, lengths) => {
        this.#monitor.clear();
        return loop(step, input, initial, lengths);
      },
    };
  }
}

/** In float64, because squares of small float32 numbers (below 1e-19) underflow. */
function normOf(gradient: tf.Tensor): number {
  let squares = 0;
  for (const element of gradient.dataSync()) squares += element * element;
  return Math.sqrt(squares);
}
