import { meanLoss, tokenLosses } from "@attend/decoding";
import { sizesIn, stateFrom, tensorAt } from "@attend/recurrent";
import { tf } from "@attend/runtime";
import type { Place } from "@attend/runtime/group";
import { type Carried, createSlot, ownRows, type Slot, type TrainingTask } from "@attend/training";
import { type Chunk, chunksOf, readChunk } from "./dataset.ts";
import type { LanguageNetwork, LanguageState } from "./network.ts";
import type { LanguageModelTraining } from "./training-config.ts";

export interface Batch {
  /** `[own streams, steps]` */
  readonly inputs: tf.Tensor2D;
  /** `[own streams * steps]` */
  readonly targets: tf.Tensor1D;
  /** Whether this is the first chunk of the streams. */
  readonly isFirst: boolean;
}

/**
 * Reads each epoch's chunks in the order of the text; their boundaries differ in each epoch. Of several processes, each
 * reads the streams whose state it carries.
 */
export function chunkTask(
  network: LanguageNetwork,
  state: CarriedState,
  ids: Int32Array,
  { streams, steps }: LanguageModelTraining,
): TrainingTask<Chunk, Batch> {
  const { first, count } = state.own;
  return {
    carried: state,
    plan(_epoch, random) {
      const spare = ids.length - 1 - streams * steps;
      const offset = random.integer(Math.min(steps, spare + 1));
      return chunksOf(ids.length, { streams, steps, offset });
    },
    async load(chunk) {
      const { start, stride } = chunk;
      const own = { ...chunk, start: start + first * stride, streams: count };
      const { inputs, targets } = readChunk(ids, own);
      return {
        inputs: tf.tensor2d(inputs, [count, steps], "int32"),
        targets: tf.tensor1d(targets, "int32"),
        isFirst: start < steps,
      };
    },
    loss(batch, random) {
      const before = batch.isFirst ? network.start(count) : state.read();
      const { losses, state: after } = tokenLosses(network, batch, before, { random });
      state.write(after);
      return { loss: meanLoss(losses), items: count * steps };
    },
    release: ({ inputs, targets }) => tf.dispose([inputs, targets]),
  };
}

/** The network's state between two chunks: that of a process's own streams. */
export class CarriedState implements Carried {
  /** All streams. */
  readonly rows: number;
  readonly own: { readonly first: number; readonly count: number };
  /** By each tensor's path in the state, `layers.0.h`. */
  readonly slots: ReadonlyMap<string, Slot>;
  readonly #sizes: LanguageNetwork["recurrent"]["stateSizes"];

  constructor(network: LanguageNetwork, streams: number, place: Place) {
    this.rows = streams;
    this.own = ownRows(streams, place);
    this.#sizes = network.recurrent.stateSizes;
    const tensors = this.#named(network.start(this.own.count));
    this.slots = new Map(tensors.map(([name, tensor]) => [name, createSlot(tensor)]));
  }

  read(): LanguageState {
    const tensors = [...this.slots.values()].map((slot) => slot.read() as tf.Tensor2D);
    return { rows: this.own.count, recurrent: stateFrom(this.#sizes, tensors) };
  }

  write(state: LanguageState): void {
    for (const [name, tensor] of this.#named(state)) this.slots.get(name)?.write(tensor);
  }

  dispose(): void {
    for (const slot of this.slots.values()) slot.dispose();
  }

  #named({ recurrent }: LanguageState): [string, tf.Tensor2D][] {
    return sizesIn(this.#sizes).map(({ path }) => [path.join("."), tensorAt(recurrent, path)]);
  }
}
