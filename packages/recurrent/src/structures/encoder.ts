import { Module } from "@attend/nn";
import { AttendError, type tf } from "@attend/runtime";
import { Cell, type LayersState } from "../cell.ts";
import { isRagged, lastOf, zeroPadding } from "../lengths.ts";
import { checkInput, type UnrollOptions } from "../unroll.ts";
import { type Connections, connect, sizeOfLayers } from "./connections.ts";
import { type Encoded, encodeWith, type SequenceEncoder } from "./sequence-encoder.ts";
import { TimeReduction } from "./time-reduction.ts";

/**
 * A stack of layers, forward or bidirectional, each of which reads entire sequences. The state is the
 * list of the layers' states: `{ layers: [{ forwards: { h }, backwards: { h } }, { h }] }`.
 */
export class Encoder extends Module implements SequenceEncoder {
  readonly layers: readonly (Cell | SequenceEncoder)[];
  readonly connections: Connections;
  readonly inputSize: number;
  readonly units: number;

  /** @throws AttendError BAD_ARGUMENT if the input size of a layer does not match the layers below */
  constructor(
    layers: readonly (Cell | SequenceEncoder)[],
    options?: { connections?: Connections },
  ) {
    super();
    this.layers = layers;
    this.connections = options?.connections ?? "plain";
    this.units = sizeOfLayers(layers, this.connections);
    this.inputSize = layers[0]?.inputSize ?? 0;
    if (this.connections === "dense" && layers.some((layer) => layer instanceof TimeReduction)) {
      throw new AttendError(
        "BAD_ARGUMENT",
        "dense connections require layers with equal numbers of steps; omit the time reduction",
      );
    }
  }

  forward(input: tf.Tensor3D, options?: UnrollOptions): Encoded<LayersState> {
    const lengths = options?.lengths;
    checkInput(input, this.inputSize, lengths);
    const real = isRagged(lengths, input.shape[1]) ? zeroPadding(input, lengths) : input;
    const start: Encoded<LayersState> = {
      output: real,
      lengths,
      summary: lastOf(real, lengths),
      state: { layers: [] },
    };
    return this.layers.reduce((below, layer, i) => {
      const layerOptions = { ...options, lengths: below.lengths };
      const above =
        layer instanceof Cell
          ? encodeWith(layer, below.output, layerOptions)
          : layer.forward(below.output, layerOptions);
      return {
        output: connect(this.connections, i, below.output, above.output),
        lengths: above.lengths,
        summary: connect(this.connections, i, below.summary, above.summary),
        state: { layers: [...below.state.layers, above.state] },
      };
    }, start);
  }
}
