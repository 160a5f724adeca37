export {
  Cell,
  type CellState,
  type Drawing,
  type HiddenState,
  type LayersState,
  type Running,
  type StateSizes,
  type Step,
  type Unrolled,
} from "./cell.ts";
export { CoupledLstmCell } from "./cells/coupled-lstm-cell.ts";
export { GruCell, type GruState } from "./cells/gru-cell.ts";
export { LayerNormLstmCell } from "./cells/layer-norm-lstm-cell.ts";
export { LstmCell, type LstmCellState } from "./cells/lstm-cell.ts";
export { PeepholeLstmCell } from "./cells/peephole-lstm-cell.ts";
export { type RnnActivation, RnnCell, type RnnState } from "./cells/rnn-cell.ts";
export {
  type EncoderConfigInput,
  encoderConfigSchema,
  type RecurrentConfigInput,
  recurrentConfigSchema,
} from "./config.ts";
export { createEncoder, createRecurrent } from "./create.ts";
export { GradientMonitor } from "./gradients/monitor.ts";
export { reverseSequences } from "./lengths.ts";
export { eachStep } from "./loop.ts";
export { sizesIn, stateFrom, tensorAt } from "./state.ts";
export { Bidirectional, type Merge } from "./structures/bidirectional.ts";
export type { Connections } from "./structures/connections.ts";
export { Encoder } from "./structures/encoder.ts";
export { type EncodedDocuments, Hierarchy } from "./structures/hierarchy.ts";
export type { Encoded, SequenceEncoder } from "./structures/sequence-encoder.ts";
export { Stack } from "./structures/stack.ts";
export { TimeReduction } from "./structures/time-reduction.ts";
export { type UnrollOptions, unroll } from "./unroll.ts";
export { HighwayCell, ResidualCell } from "./wrappers/combined-cell.ts";
export { DropoutCell, type DropoutRates } from "./wrappers/dropout-cell.ts";
export { ZoneoutCell, type ZoneoutRates } from "./wrappers/zoneout-cell.ts";
