import { tokenLosses } from "@attend/decoding";
import { tf, yieldTurn } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import { readChunk } from "./dataset.ts";
import type { LanguageNetwork } from "./network.ts";
import { countCharacters } from "./tokenizer.ts";

/** Tokens of a stream that are read at a time. */
const chunkSteps = 256;

export interface Measurement {
  /** The predicted tokens, and the characters that start in them. */
  readonly tokens: number;
  readonly characters: number;
  /** Natural logarithm. */
  readonly natsPerToken: number;
  readonly natsPerCharacter: number;
}

/**
 * Measures how well a network predicts a text, carrying its state through the entire text. The first token is
 * not predicted. A text's nats are those of its tokens; divided by its characters, they compare models with
 * different tokenizers.
 *
 * @param ids at least two tokens
 * @param options.streams a number above 1 is faster and a close approximation: the text is divided into this many
 *   parallel parts, each of which starts with only the 256 tokens before it (the first 256 are not measured)
 * @param options.onProgress receives the number of measured characters and their total
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function measure(
  network: LanguageNetwork,
  tokenizer: Pick<Tokenizer, "charactersOf">,
  ids: Int32Array,
  options: {
    streams?: number;
    signal?: AbortSignal | undefined;
    onProgress?: (done: number, total: number) => void;
  } = {},
): Promise<Measurement> {
  const { streams = 1, signal, onProgress } = options;
  const { warmUp, stride } = layOut(ids, streams);
  const measured = measuredTokens(ids, streams);
  const [tokens, characters] = [measured.length, countCharacters(tokenizer, measured)];
  let state = network.start(streams);
  let [nats, done] = [0, 0];
  try {
    for (let start = 0; start < warmUp + stride; start += chunkSteps) {
      const steps = Math.min(chunkSteps, warmUp + stride - start);
      const chunk = readChunk(ids, { start, stride, streams, steps });
      const { next, sum } = tf.tidy(() => {
        const inputs = tf.tensor2d(chunk.inputs, [streams, steps], "int32");
        const targets = tf.tensor1d(chunk.targets, "int32");
        const { losses, state: after } = tokenLosses(network, { inputs, targets }, state);
        return { next: after, sum: tf.sum(losses) };
      });
      if (start >= warmUp) {
        nats += sum.dataSync()[0] ?? Number.NaN;
        done += countCharacters(tokenizer, chunk.targets);
      }
      tf.dispose([state, sum]);
      state = next;
      onProgress?.(done, characters);
      await yieldTurn(signal);
    }
  } finally {
    tf.dispose(state);
  }
  return { tokens, characters, natsPerToken: nats / tokens, natsPerCharacter: nats / characters };
}

/** The tokens of a text that {@link measure} predicts with this number of streams. */
export function measuredTokens(ids: Int32Array, streams: number): Int32Array {
  const { warmUp, stride } = layOut(ids, streams);
  // The streams' targets are adjacent.
  return ids.subarray(warmUp + 1, warmUp + 1 + stride * streams);
}

function layOut(ids: Int32Array, streams: number): { warmUp: number; stride: number } {
  const warmUp = streams > 1 ? chunkSteps : 0;
  return { warmUp, stride: Math.floor((ids.length - 1 - warmUp) / streams) };
}
