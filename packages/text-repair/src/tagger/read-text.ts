import { readLines } from "@attend/datasets";
import { type TaggedWord, taggedSentences } from "../words/tagged.ts";

/** One file may be long: everything is read as it is needed. */
const limits = { maxBytes: 2 ** 40, maxLineLength: 2 ** 20 };
/** Characters that are split into sentences at a time. */
const blockLength = 2 ** 14;

/**
 * The sentences of a text file, UTF-8 or UTF-16, plain or gzip. A line may be a sentence, a paragraph or a part of one; a
 * blank line ends a paragraph, and one that has no mark at its end, such as a title, is left out.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA if it is not text
 */
export async function* readTagged(file: string, language: string): AsyncGenerator<TaggedWord[]> {
  for await (const block of blocksOf(file)) {
    yield* taggedSentences(block, language).filter(({ length }) => length > 0);
  }
}

async function* blocksOf(file: string): AsyncGenerator<string> {
  let block = "";
  const isComplete = () => /[.!?…]["'”’»)\]]*$/.test(block);
  for await (const lines of readLines(file, limits)) {
    for (const line of lines) {
      const text = line.trim();
      const isEnd = text === "" || block.length > blockLength;
      if (isEnd && isComplete()) yield block;
      if (isEnd && (text === "" || isComplete())) block = text;
      else block += block === "" ? text : ` ${text}`;
    }
  }
  if (isComplete()) yield block;
}
