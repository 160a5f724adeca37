import { splitSentences } from "@attend/text";
import type { Change, Repaired } from "@attend/text-repair";
import type { Stage } from "../stage.ts";
import type { Heard } from "./recognize.ts";

/** A sentence that was said, with its words as they should be written. */
export interface Sentence {
  /**
   * Seconds from the start of the recording; within a segment of the recognizer, estimated from the length of the text.
   */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What was repaired, in the order of the text; `start` and `end` count in `text`. */
  readonly changes: readonly Change[];
  /** The stretch of speech that the sentence is from. */
  readonly heard: Heard;
}

/** Splits what was heard into sentences and changes nothing, for recognizers that write sentences themselves. */
export function splitStage(language: string): Stage<Heard, Sentence, "split"> {
  return {
    name: "split",
    async *run(stretches) {
      for await (const heard of stretches) {
        const { text } = heard;
        const sentences = splitSentences(text, language).map((sentence) => sentence.text);
        yield* sentencesOf(heard, { text, sentences, changes: [] });
      }
    },
    async close() {},
  };
}

/** The sentences of what was heard, each with its share of the time and its changes. */
export function sentencesOf(
  heard: Heard,
  { text: whole, sentences, changes }: Repaired,
): Sentence[] {
  let from = 0;
  return sentences.map((text) => {
    const start = whole.indexOf(text, from);
    const end = start + text.length;
    from = end;
    return {
      start: timeAt(heard, start / (whole.length + 1)),
      end: timeAt(heard, (end + 1) / (whole.length + 1)),
      text,
      changes: changes
        .filter((change) => change.start >= start && change.start <= end)
        .map((change) => ({ ...change, start: change.start - start, end: change.end - start })),
      heard,
    };
  });
}

/** When a part of what was heard is over: within a segment, time goes with the length of its text and the space after it. */
function timeAt({ segments, end }: Heard, part: number): number {
  const total = segments.reduce((sum, { text }) => sum + text.length + 1, 0);
  let rest = part * total;
  for (const { text, start, end } of segments) {
    const length = text.length + 1;
    if (rest <= length) return start + (rest / length) * (end - start);
    rest -= length;
  }
  return end;
}
