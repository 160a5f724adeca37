import { crossEntropy } from "@attend/nn";
import type { CellState } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import { createSlot, type Slot, type TrainingTask } from "@attend/training";
import { type Chunk, chunksOf, readChunk } from "./dataset.ts";
import type { LanguageNetwork } from "./network.ts";
import type { LanguageModelTraining } from "./training-config.ts";

export interface Batch {
  /** `[streams, steps]` */
  readonly inputs: tf.Tensor2D;
  /** `[streams * steps]` */
  readonly targets: tf.Tensor1D;
  /** Whether the streams begin here. */
  readonly isFirst: boolean;
}

/** Each epoch's chunks in the order of the text; where they are cut is another place each time. */
export function chunkTask(
  network: LanguageNetwork,
  state: CarriedState,
  ids: Int32Array,
  { streams, steps }: LanguageModelTraining,
): TrainingTask<Chunk, Batch> {
  return {
    carried: state.slots,
    plan(_epoch, random) {
      const spare = ids.length - 1 - streams * steps;
      const offset = random.integer(Math.min(steps, spare + 1));
      return chunksOf(ids.length, { streams, steps, offset });
    },
    async load(chunk) {
      const { inputs, targets } = readChunk(ids, chunk);
      return {
        inputs: tf.tensor2d(inputs, [streams, steps], "int32"),
        targets: tf.tensor1d(targets, "int32"),
        isFirst: chunk.start < steps,
      };
    },
    loss({ inputs, targets, isFirst }, random) {
      const before = isFirst ? network.initialState(streams) : state.read();
      const read = network.read(inputs, before, random);
      state.write(read.state);
      const flat = tf.reshape<tf.Rank.R2>(read.output, [streams * steps, -1]);
      const loss = tf.mean<tf.Scalar>(crossEntropy(network.logits(flat), targets));
      return { loss, items: streams * steps };
    },
    release: ({ inputs, targets }) => tf.dispose([inputs, targets]),
  };
}

/** The network's state between two chunks. */
export class CarriedState {
  readonly slots: ReadonlyMap<string, Slot>;

  constructor(network: LanguageNetwork, streams: number) {
    const initial = Object.entries(network.initialState(streams));
    this.slots = new Map(initial.map(([name, tensor]) => [name, createSlot(tensor)]));
  }

  read(): CellState {
    const entries = [...this.slots].map(([name, slot]) => [name, slot.read() as tf.Tensor2D]);
    return Object.fromEntries(entries);
  }

  write(state: CellState): void {
    for (const [name, slot] of this.slots) {
      const tensor = state[name];
      if (tensor !== undefined) slot.write(tensor);
    }
  }

  dispose(): void {
    for (const slot of this.slots.values()) slot.dispose();
  }
}
