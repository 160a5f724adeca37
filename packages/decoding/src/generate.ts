import { AttendError, tf, yieldTurn } from "@attend/runtime";
import type { Decoder, DecoderState } from "./decoder.ts";
import { badOption, checkCount } from "./options.ts";
import { type Choose, greedily } from "./sample.ts";
import { disposeReplaced, suppression } from "./state.ts";

/** What {@link generate} reads first, and how it continues. */
export interface GenerateOptions {
  /** What the sequence continues, one token or more; a model's start token, for instance. It is not yielded. */
  readonly prompt: readonly number[];
  /** The token that ends a sequence; it is not yielded. Without it nothing but `maxLength` does. */
  readonly end?: number | undefined;
  /** The most tokens; without it there is no limit. */
  readonly maxLength?: number | undefined;
  /** Default {@link greedily}. */
  readonly choose?: Choose | undefined;
  /** Tokens that are not chosen; a function is asked before each token, after the one before was used. */
  readonly suppressed?: readonly number[] | (() => readonly number[]) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes one sequence and yields each token as soon as it is chosen: what `decodeEach` decodes, as a stream. Between
 * tokens the event loop gets its turn. The loop may be left at any time; what the generator holds is freed then. The
 * caller keeps the encoding.
 *
 * @param encoding of one row
 * @throws AttendError BAD_ARGUMENT naming the option that is wrong, or for an encoding of several rows; INTERRUPTED
 *   if `options.signal` is aborted
 */
export async function* generate<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  options: GenerateOptions,
): AsyncGenerator<number, void> {
  const { end, choose = greedily, suppressed = [], signal } = options;
  const { maxLength = Number.POSITIVE_INFINITY } = options;
  if (maxLength !== Number.POSITIVE_INFINITY) checkCount("maxLength", maxLength);
  const { last, before } = checkPrompt(options.prompt, decoder.vocabularySize);
  let state = decoder.start(encoding);
  const replace = (next: State) => {
    disposeReplaced(state, next);
    state = next;
  };
  try {
    checkRows(state);
    const ahead = readAtOnce(decoder, before, state);
    if (ahead !== undefined) replace(ahead);
    const unread = ahead === undefined ? before : [];
    for (const token of unread) {
      await yieldTurn(signal);
      replace(tf.tidy(() => decoder.step(tf.tensor1d([token], "int32"), state).state));
    }
    let token = last;
    for (let left = maxLength; left > 0; left--) {
      await yieldTurn(signal);
      const avoided = typeof suppressed === "function" ? suppressed() : suppressed;
      const { chosen, next } = tf.tidy(() => {
        const stepped = decoder.step(tf.tensor1d([token], "int32"), state);
        const allowed = suppression(decoder.vocabularySize, avoided);
        const [id = 0] = choose(tf.add(stepped.logits, allowed)).dataSync();
        return { chosen: id, next: stepped.state };
      });
      replace(next);
      if (chosen === end) return;
      yield chosen;
      token = chosen;
    }
  } finally {
    disposeReplaced(state, undefined);
  }
}

/** The state after the tokens; undefined if there are none, or if the decoder's `features` do not give it. */
function readAtOnce<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  tokens: readonly number[],
  state: State,
): State | undefined {
  if (tokens.length === 0) return undefined;
  const read = () => {
    const inputs = tf.tensor2d([...tokens], [1, tokens.length], "int32");
    return { state: decoder.features(inputs, state).state };
  };
  return tf.tidy(read).state;
}

function checkPrompt(
  prompt: readonly number[],
  vocabularySize: number,
): { last: number; before: readonly number[] } {
  const last = prompt.at(-1);
  if (last === undefined) {
    throw new AttendError("BAD_ARGUMENT", "the prompt is empty; it must have one token or more");
  }
  for (const token of prompt) {
    if (Number.isInteger(token) && token >= 0 && token < vocabularySize) continue;
    throw badOption("a token of the prompt", token, `a whole number below ${vocabularySize}`);
  }
  return { last, before: prompt.slice(0, -1) };
}

function checkRows({ rows }: DecoderState): void {
  if (rows === 1) return;
  throw new AttendError("BAD_ARGUMENT", `the encoding has ${rows} rows; it must have one`);
}
