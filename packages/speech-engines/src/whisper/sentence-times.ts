import { splitSentences } from "@attend/text";
import type { Tokens } from "./tokens.ts";

/** A sentence that was heard, and the second at which it ends. */
export interface TimedSentence {
  readonly text: string;
  readonly end: number;
}

/** Timestamps are tokens, each 20 ms after the one before. */
const secondsPerToken = 0.02;

/**
 * Tells when each sentence of a reading ends: at the timestamp that Whisper would write there (Radford et al. 2022, section
 * 2.3). The words were found without timestamps, with which Whisper mishears more of them.
 *
 * @param ids the reading, without its end
 * @param options `logitsAfter` gives the logits of the token that follows a prompt; `prompt` is what precedes the first
 *   timestamp; `seconds` is the length of what was heard
 */
export async function timeSentences(
  ids: readonly number[],
  {
    tokens,
    prompt,
    language,
    seconds,
    logitsAfter,
  }: {
    readonly tokens: Pick<Tokens, "decode" | "noTimestamps">;
    readonly prompt: readonly number[];
    readonly language: string;
    readonly seconds: number;
    logitsAfter(prompt: readonly number[]): Promise<Float32Array>;
  },
): Promise<TimedSentence[]> {
  const zero = tokens.noTimestamps + 1;
  const last = zero + Math.floor(seconds / secondsPerToken);
  const said = [...prompt, zero];
  let time = zero;
  let from = 0;
  const timed: TimedSentence[] = [];
  const sentences = splitSentences(tokens.decode(ids), language);
  for (const { text, start } of sentences.slice(0, -1)) {
    let to = from;
    while (to < ids.length && tokens.decode(ids.slice(0, to)).length < start + text.length) to++;
    said.push(...ids.slice(from, to));
    time = mostProbable(await logitsAfter(said), time, last);
    said.push(time, time);
    from = to;
    timed.push({ text, end: (time - zero) * secondsPerToken });
  }
  return [...timed, ...sentences.slice(-1).map(({ text }) => ({ text, end: seconds }))];
}

/** The token with the highest logit from one to another. */
function mostProbable(logits: Float32Array, first: number, last: number): number {
  let best = first;
  for (let id = first; id <= last; id++) {
    if ((logits[id] ?? 0) > (logits[best] ?? 0)) best = id;
  }
  return best;
}
