export type { Cell, CellState } from "./cell.ts";
export { LstmCell, type LstmCellState } from "./lstm-cell.ts";
export { type Unrolled, unroll } from "./unroll.ts";
