import { tokenLosses } from "@attend/decoding";
import { tf, yieldTurn } from "@attend/runtime";
import type { Tokenizer } from "@attend/text";
import { readChunk } from "./dataset.ts";
import type { LanguageNetwork } from "./network.ts";
import { countCharacters } from "./tokenizer.ts";

/** Tokens of a stream that are read at once. */
const chunkSteps = 256;

export interface Measurement {
  /** Tokens that were predicted, and the characters that begin in them. */
  readonly tokens: number;
  readonly characters: number;
  /** Natural logarithm. */
  readonly natsPerToken: number;
  readonly natsPerCharacter: number;
}

/**
 * How badly a network predicts a text, its state carried over the whole text. The first token is not
 * predicted. A text's nats are those of the tokens that it is cut into; divided by its characters they
 * compare models with whatever tokenizer.
 *
 * @param ids two tokens or more
 * @param options.streams above 1 is quicker and close: the text is cut into that many parts, read side
 *   by side, and each is told only the 256 tokens before it (the first 256 are not measured)
 * @param options.onProgress is told how many characters are done, of how many
 * @throws AttendError INTERRUPTED where `options.signal` is aborted
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

/** The tokens of a text that {@link measure} predicts when it reads so many streams. */
export function measuredTokens(ids: Int32Array, streams: number): Int32Array {
  const { warmUp, stride } = layOut(ids, streams);
  // The streams' targets lie behind one another.
  return ids.subarray(warmUp + 1, warmUp + 1 + stride * streams);
}

function layOut(ids: Int32Array, streams: number): { warmUp: number; stride: number } {
  const warmUp = streams > 1 ? chunkSteps : 0;
  return { warmUp, stride: Math.floor((ids.length - 1 - warmUp) / streams) };
}
