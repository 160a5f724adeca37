import { setImmediate } from "node:timers/promises";
import { crossEntropy } from "@attend/nn";
import { tf } from "@attend/runtime";
import { readChunk } from "./dataset.ts";
import type { LanguageNetwork } from "./network.ts";

/** Characters of a stream that are read at once. */
const chunkSteps = 256;

/**
 * How badly a network predicts a text, in nats a character (natural logarithm), its state carried over
 * the whole text. The first character is not predicted.
 *
 * @param ids two characters or more
 * @param options.streams above 1 is quicker and close: the text is cut into that many parts, read side
 *   by side, and each is told only the 256 characters before it (the first 256 are not measured)
 */
export async function measure(
  network: LanguageNetwork,
  ids: Int32Array,
  options: { streams?: number; onProgress?: (done: number, total: number) => void } = {},
): Promise<{ natsPerCharacter: number; characters: number }> {
  const { streams = 1, onProgress } = options;
  const warmUp = streams > 1 ? chunkSteps : 0;
  const stride = Math.floor((ids.length - 1 - warmUp) / streams);
  let state = network.initialState(streams);
  const characters = stride * streams;
  let nats = 0;
  for (let start = 0; start < warmUp + stride; start += chunkSteps) {
    const steps = Math.min(chunkSteps, warmUp + stride - start);
    const { inputs, targets } = readChunk(ids, { start, stride, streams, steps });
    const { next, sum } = tf.tidy(() => {
      const read = network.read(tf.tensor2d(inputs, [streams, steps], "int32"), state);
      const flat = tf.reshape<tf.Rank.R2>(read.output, [streams * steps, -1]);
      const losses = crossEntropy(network.logits(flat), tf.tensor1d(targets, "int32"));
      return { next: read.state, sum: tf.sum(losses) };
    });
    if (start >= warmUp) nats += sum.dataSync()[0] ?? Number.NaN;
    tf.dispose([state, sum]);
    state = next;
    onProgress?.(Math.max(0, start + steps - warmUp) * streams, characters);
    await setImmediate();
  }
  tf.dispose(state);
  return { natsPerCharacter: nats / characters, characters };
}
