import { AttendError, type tf } from "@attend/runtime";
import {
  Cell,
  type CellState,
  type Drawing,
  type LayersState,
  type Running,
  type StateSizes,
  type Step,
  type Unrolled,
} from "../cell.ts";
import { type Connections, connect, sizeOfLayers } from "./connections.ts";

/**
 * A stack of cells, which is itself a cell. Each layer runs over the entire sequence before the next
 * one, with its fused kernel if it has one. Its state is the list of the layers' states.
 */
export class Stack extends Cell<LayersState> {
  readonly layers: readonly Cell[];
  readonly connections: Connections;
  readonly inputSize: number;
  readonly units: number;
  readonly stateSizes: StateSizes<LayersState>;

  /** @throws AttendError BAD_ARGUMENT if the input size of a cell does not match the layers below */
  constructor(layers: readonly Cell[], options?: { connections?: Connections }) {
    super();
    this.layers = layers;
    this.connections = options?.connections ?? "plain";
    this.units = sizeOfLayers(layers, this.connections);
    this.inputSize = layers[0]?.inputSize ?? 0;
    this.stateSizes = { layers: layers.map(({ stateSizes }) => stateSizes) };
  }

  step(input: tf.Tensor2D, state: LayersState): Step<LayersState> {
    return this.#running(this.layers).step(input, state);
  }

  override sequence(
    input: tf.Tensor3D,
    state: LayersState,
    lengths?: readonly number[],
  ): Unrolled<LayersState> {
    return this.#running(this.layers).sequence(input, state, lengths);
  }

  override drawn(drawing: Drawing): Running<LayersState> {
    return this.#running(this.layers.map((layer) => layer.drawn(drawing)));
  }

  #running(layers: readonly Running<CellState>[]): Running<LayersState> {
    return {
      step: (input, state) =>
        this.#through(layers, input, state, (layer, x, s) => layer.step(x, s)),
      sequence: (input, state, lengths) =>
        this.#through(layers, input, state, (layer, x, s) => layer.sequence(x, s, lengths)),
    };
  }

  #through<T extends tf.Tensor>(
    layers: readonly Running<CellState>[],
    input: T,
    state: LayersState,
    run: (layer: Running<CellState>, input: T, state: CellState) => { output: T; state: CellState },
  ): { output: T; state: LayersState } {
    let output = input;
    const next = layers.map((layer, i) => {
      const above = run(layer, output, layerOf(state, i));
      output = connect(this.connections, i, output, above.output);
      return above.state;
    });
    return { output, state: { layers: next } };
  }
}

function layerOf({ layers }: LayersState, index: number): CellState {
  const state = layers[index];
  if (state !== undefined) return state;
  throw new AttendError(
    "BAD_SHAPE",
    `the state has ${layers.length} layers, none for layer ${index}`,
  );
}
