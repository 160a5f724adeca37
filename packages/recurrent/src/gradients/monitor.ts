import { customGradient, type tf } from "@attend/runtime";
import type { Cell, HiddenState, Running } from "../cell.ts";
import { loop } from "../loop.ts";
import { WrapperCell } from "../wrappers/wrapper-cell.ts";

/**
 * Records how large the loss's gradient by each hidden state is, `|dL/dh_t|` over the whole batch:
 * where it dies or explodes on its way back through time (Pascanu, Mikolov & Bengio 2013, section 2.1).
 */
export class GradientMonitor {
  #norms: number[] = [];

  /**
   * The norms of the last sequence that ran, that of the first step first, once its gradient is taken; 0
   * for states on which the loss does not depend. A watched cell that is stepped by hand adds its steps,
   * until {@link clear}.
   */
  get norms(): readonly number[] {
    return this.#norms;
  }

  /** Forgets the norms that were recorded. */
  clear(): void {
    this.#norms = [];
  }

  /**
   * A cell that does what `cell` does, step by step, and whose gradients are recorded. Its output must
   * be its `h`: wrap the watched cell in a residual or highway connection, not the other way round.
   */
  watch<State extends HiddenState>(cell: Cell<State>): Cell<State> {
    return new WatchedCell(cell, this);
  }

  /** The same tensor, as a state of its own whose gradient is recorded when it comes by. */
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

/** In 64 bits: the square of a float32 is 0 below 1e-19, where a dying gradient is still one. */
function normOf(gradient: tf.Tensor): number {
  let squares = 0;
  for (const element of gradient.dataSync()) squares += element * element;
  return Math.sqrt(squares);
}
