import type { tf } from "@attend/runtime";
import {
  Cell,
  type CellState,
  type Drawing,
  type Running,
  type Step,
  type Unrolled,
} from "../cell.ts";
import { type Connections, connect, sizeOfLayers } from "./connections.ts";

/**
 * Cells on one another: a cell itself. Over a sequence each layer runs through all the steps before the
 * next one, with its fused kernel where it has one. The state of layer i is named `i.h`, `i.c`.
 */
export class Stack extends Cell {
  readonly layers: readonly Cell[];
  readonly connections: Connections;
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: Readonly<Record<string, number>>;

  /** @throws AttendError BAD_ARGUMENT where a cell's input does not fit what lies below it */
  constructor(layers: readonly Cell[], options?: { connections?: Connections }) {
    super();
    this.layers = layers;
    this.connections = options?.connections ?? "plain";
    this.units = sizeOfLayers(layers, this.connections);
    this.inputSize = layers[0]?.inputSize ?? 0;
    this.stateSizes = Object.fromEntries(
      layers.flatMap((layer, i) =>
        Object.entries(layer.stateSizes).map(([name, size]) => [`${i}.${name}`, size]),
      ),
    );
  }

  step(input: tf.Tensor2D, state: CellState): Step<CellState> {
    return this.#running(this.layers).step(input, state);
  }

  override sequence(
    input: tf.Tensor3D,
    state: CellState,
    lengths?: readonly number[],
  ): Unrolled<CellState> {
    return this.#running(this.layers).sequence(input, state, lengths);
  }

  override drawn(drawing: Drawing): Running<CellState> {
    return this.#running(this.layers.map((layer) => layer.drawn(drawing)));
  }

  #running(layers: readonly Running<CellState>[]): Running<CellState> {
    return {
      step: (input, state) =>
        this.#through(layers, input, state, (layer, x, own) => layer.step(x, own)),
      sequence: (input, state, lengths) =>
        this.#through(layers, input, state, (layer, x, own) => layer.sequence(x, own, lengths)),
    };
  }

  #through<T extends tf.Tensor>(
    layers: readonly Running<CellState>[],
    input: T,
    state: CellState,
    run: (layer: Running<CellState>, input: T, state: CellState) => { output: T; state: CellState },
  ): { output: T; state: CellState } {
    let output = input;
    const next: Record<string, tf.Tensor2D> = {};
    for (const [i, layer] of layers.entries()) {
      const above = run(layer, output, ownState(state, i));
      output = connect(this.connections, i, output, above.output);
      for (const [name, tensor] of Object.entries(above.state)) next[`${i}.${name}`] = tensor;
    }
    return { output, state: next };
  }
}

function ownState(state: CellState, layer: number): CellState {
  const prefix = `${layer}.`;
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
}
