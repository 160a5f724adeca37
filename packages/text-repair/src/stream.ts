import { splitSentences } from "@attend/text";
import type { Change, Draft } from "./draft.ts";

/** Options of a stream of sentences. */
export interface StreamOptions {
  /**
   * A sentence whose end was restored is complete when this many words follow it: more are surer, and later. One that ends
   * with a mark of the text's own is complete at once. Default 6.
   */
  readonly lookahead?: number | undefined;
}

/** A repaired sentence of a stream. */
export interface StreamedSentence {
  readonly text: string;
  /** What differs in it; places are in the sentence. */
  readonly changes: readonly Change[];
}

/**
 * The repaired sentences of a text that comes piece by piece. What is not complete is read again with the next piece.
 *
 * @param pieces a space is assumed between them, unless there is one
 * @param draftOf repairs a text
 */
export async function* completeSentences(
  pieces: AsyncIterable<string>,
  draftOf: (text: string) => Promise<Draft>,
  { lookahead = 6, language }: StreamOptions & { readonly language: string },
): AsyncGenerator<StreamedSentence> {
  let held = "";
  for await (const piece of pieces) {
    if (piece.trim() === "") continue;
    held += held === "" || /\s$/.test(held) || /^\s/.test(piece) ? piece : ` ${piece}`;
    const draft = await draftOf(held);
    const sentences = sentencesOf(draft, language);
    const count =
      1 + sentences.findLastIndex((each) => each.hasOwnMark || each.wordsAfter >= lookahead);
    for (const { streamed } of sentences.slice(0, count)) yield streamed;
    held = held.slice(sentences[count - 1]?.originalEnd ?? 0).trimStart();
  }
  if (held.trim() === "") return;
  for (const { streamed } of sentencesOf(await draftOf(held), language)) yield streamed;
}

function sentencesOf(draft: Draft, language: string) {
  const { text, changes, original } = draft;
  return splitSentences(text, language).map((sentence) => {
    const { start } = sentence;
    const end = start + sentence.text.length;
    const own = changes.filter((change) => change.start >= start && change.end <= end);
    const originalEnd = draft.originalPosition(end);
    return {
      streamed: {
        text: sentence.text,
        changes: own.map((change) => ({
          ...change,
          start: change.start - start,
          end: change.end - start,
        })),
      },
      originalEnd,
      hasOwnMark: /[.?!…]["'”’»)\]]*$/.test(original.slice(0, originalEnd)),
      wordsAfter: (text.slice(end).match(/[\p{L}\p{N}]+/gu) ?? []).length,
    };
  });
}
