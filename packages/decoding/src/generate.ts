import { AttendError, tf, yieldTurn } from "@attend/runtime";
import { type ConstraintOptions, constraintsOf, unconstrained } from "./constraints.ts";
import type { Decoder, DecoderState } from "./decoder.ts";
import { badOption, checkCount } from "./options.ts";
import { type Choose, greedily } from "./sample.ts";
import { disposeReplaced, suppression } from "./state.ts";

/** Options of {@link generate}. */
export interface GenerateOptions extends Omit<ConstraintOptions, "prefix"> {
  /** One or more tokens to continue, such as a model's start token. Not yielded. */
  readonly prompt: readonly number[];
  /** The token that ends a sequence. Not yielded. Default: none. */
  readonly end?: number | undefined;
  /** Maximum number of tokens. Default: no limit. */
  readonly maxLength?: number | undefined;
  /** Default {@link greedily}. */
  readonly choose?: Choose | undefined;
  /** Tokens that are not chosen, or a function that returns them before each token. */
  readonly suppressed?: readonly number[] | (() => readonly number[]) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes one sequence and yields each token as soon as it is chosen; `decodeEach` as a stream. The
 * event loop runs between tokens. Leaving the loop frees all tensors; the caller owns the encoding.
 *
 * @param encoding with one row
 * @throws AttendError BAD_ARGUMENT naming the invalid option, or for an encoding with several rows;
 *   INTERRUPTED if `options.signal` is aborted
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
  const special = { start: last, end: end ?? -1, suppressed: [] };
  const constraints = constraintsOf(options, special, decoder.vocabularySize, [maxLength]);
  const yielded: number[] = [];
  await yieldTurn(signal);
  let state = decoder.start(encoding);
  const replace = (next: State) => {
    disposeReplaced(state, next);
    state = next;
  };
  try {
    checkRows(state);
    const stateAfter = readAtOnce(decoder, before, state);
    if (stateAfter !== undefined) replace(stateAfter);
    const unread = stateAfter === undefined ? before : [];
    for (const token of unread) {
      await yieldTurn(signal);
      replace(tf.tidy(() => decoder.step(tf.tensor1d([token], "int32"), state).state));
    }
    let token = last;
    for (let remaining = maxLength; remaining > 0; remaining--) {
      await yieldTurn(signal);
      const next = constraints?.next(0, yielded) ?? unconstrained;
      const excluded = new Set(typeof suppressed === "function" ? suppressed() : suppressed);
      for (const each of next.forbidden) excluded.add(each);
      // Without a prefix, only the end is ever forced.
      if (next.forced !== undefined || excluded.size === decoder.vocabularySize) return;
      const { chosen, after } = tf.tidy(() => {
        const stepped = decoder.step(tf.tensor1d([token], "int32"), state);
        const bias = suppression(decoder.vocabularySize, excluded);
        const [id = 0] = choose(tf.add(stepped.logits, bias)).dataSync();
        return { chosen: id, after: stepped.state };
      });
      replace(after);
      if (chosen === end) return;
      yield chosen;
      if (constraints !== undefined) yielded.push(chosen);
      token = chosen;
    }
  } finally {
    disposeReplaced(state, undefined);
  }
}

/** The state after the tokens; undefined if there are none, or if the decoder's `features` does not return it. */
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
    throw new AttendError("BAD_ARGUMENT", "the prompt is empty; it must have at least one token");
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
