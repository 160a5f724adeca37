import type { Random } from "@attend/runtime";
import { parseConfig } from "@attend/runtime/config";
import type { Cell, HiddenState } from "./cell.ts";
import { CoupledLstmCell } from "./cells/coupled-lstm-cell.ts";
import { GruCell } from "./cells/gru-cell.ts";
import { LayerNormLstmCell } from "./cells/layer-norm-lstm-cell.ts";
import { LstmCell } from "./cells/lstm-cell.ts";
import { PeepholeLstmCell } from "./cells/peephole-lstm-cell.ts";
import { RnnCell } from "./cells/rnn-cell.ts";
import {
  type EncoderConfigInput,
  encoderConfigSchema,
  type RecurrentConfig,
  type RecurrentConfigInput,
  recurrentConfigSchema,
} from "./config.ts";
import { Bidirectional } from "./structures/bidirectional.ts";
import { Encoder } from "./structures/encoder.ts";
import { Stack } from "./structures/stack.ts";
import { TimeReduction } from "./structures/time-reduction.ts";
import { DropoutCell } from "./wrappers/dropout-cell.ts";
import { ZoneoutCell } from "./wrappers/zoneout-cell.ts";

const constructors: Readonly<
  Record<
    RecurrentConfig["cell"],
    (inputSize: number, units: number, random: Random | undefined) => Cell<HiddenState>
  >
> = {
  rnn: (...sizes) => new RnnCell(...sizes),
  "rnn-relu": (...sizes) => new RnnCell(...sizes, { activation: "relu" }),
  lstm: (...sizes) => new LstmCell(...sizes),
  "lstm-peephole": (...sizes) => new PeepholeLstmCell(...sizes),
  "lstm-coupled": (...sizes) => new CoupledLstmCell(...sizes),
  "lstm-layer-norm": (...sizes) => new LayerNormLstmCell(...sizes),
  gru: (...sizes) => new GruCell(...sizes),
  "gru-reset-before": (...sizes) => new GruCell(...sizes, { reset: "before" }),
};

/**
 * Creates a stack of cells, which is itself a cell to `unroll` or to step.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createRecurrent(config: RecurrentConfigInput, random?: Random): Stack {
  const parsed = parseConfig(recurrentConfigSchema, config, "recurrent config");
  const layers: Cell[] = [];
  let inputSize = parsed.inputSize;
  for (let i = 0; i < parsed.layers; i++) {
    layers.push(createCell(parsed, inputSize, random));
    inputSize = parsed.connections === "dense" ? inputSize + parsed.units : parsed.units;
  }
  return new Stack(layers, { connections: parsed.connections });
}

/**
 * Creates an encoder of entire sequences: deep, bidirectional, as in GNMT (`bidirectional: "first"`
 * with residual connections), or a pyramid.
 *
 * @param random initializes the weights; without it they are zero, to be loaded
 * @throws AttendError BAD_CONFIG naming each invalid key
 */
export function createEncoder(config: EncoderConfigInput, random?: Random): Encoder {
  const parsed = parseConfig(encoderConfigSchema, config, "encoder config");
  const { connections, bidirectional, merge, timeReduction } = parsed;
  const layers: (Cell | Bidirectional | TimeReduction)[] = [];
  let inputSize = parsed.inputSize;
  for (let i = 0; i < parsed.layers; i++) {
    if (i > 0 && timeReduction > 1) {
      layers.push(new TimeReduction(inputSize, timeReduction));
      inputSize *= timeReduction;
    }
    const cell = () => createCell(parsed, inputSize, random);
    const both = bidirectional === "all" || (bidirectional === "first" && i === 0);
    const layer = both ? new Bidirectional(cell(), cell(), merge) : cell();
    layers.push(layer);
    inputSize = layer.units + (connections === "dense" ? inputSize : 0);
  }
  return new Encoder(layers, { connections });
}

function createCell(config: RecurrentConfig, inputSize: number, random: Random | undefined): Cell {
  const { dropout, stateDropout, zoneout } = config;
  const plain = constructors[config.cell](inputSize, config.units, random);
  const cell = zoneout.h > 0 || zoneout.c > 0 ? new ZoneoutCell(plain, zoneout) : plain;
  return dropout > 0 || stateDropout > 0
    ? new DropoutCell(cell, { input: dropout, state: stateDropout })
    : cell;
}
