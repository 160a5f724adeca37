import type { Sentence } from "@attend/text";
import { type Mark, markIn } from "./marks.ts";

/** A word of a text, without the punctuation around it. */
export interface Word {
  /** As written: `Mr.`, `U.S.`, `don't`. */
  readonly text: string;
  /** Lower case, with straight apostrophes, and without the period of an abbreviation like `Mr.`: what a tagger sees. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** The mark after it, if any. */
  readonly mark: Mark;
  /** What lies between it and the next word, or the end. */
  readonly gap: string;
}

/** Letters and digits, and what joins them: `don't`, `well-known`, `3,500`, `a.m`, but not `war--and` or `yes,she`. */
const pattern =
  /[\p{L}\p{N}](?:(?:(?!--|\.\.)[^\s,:;!?—–…"“”„«»()[\]{}]|(?<=\d)[,:](?=\d))*[\p{L}\p{N}\p{M}%°$€£+#])?/gu;

/** `U.S`, `e.g`, `p.m`: their period is a part of them. */
const dotted = /^(?:\p{L}\.)+\p{L}$/u;

/** The words of a sentence. A period after a word that is not the last one belongs to it, as in `Mr.` */
export function wordsOf({ text, start }: Sentence): Word[] {
  const found = [...text.matchAll(pattern)];
  const lastPeriod = text.search(/\.\P{L}*$/u);
  return found.map(({ 0: core, index }, i) => {
    const coreEnd = index + core.length;
    const hasPeriod = text[coreEnd] === "." && text[coreEnd + 1] !== ".";
    const isDotted = dotted.test(core);
    const isAbbreviated = isDotted || (!/[\d'’]/.test(core) && coreEnd !== lastPeriod);
    const end = hasPeriod && isAbbreviated ? coreEnd + 1 : coreEnd;
    const gap = text.slice(end, found[i + 1]?.index);
    return {
      text: text.slice(index, end),
      key: keyOf(isDotted ? `${core}.` : core),
      start: start + index,
      end: start + end,
      mark: markIn(gap),
      gap,
    };
  });
}

/** A word as a tagger sees it. */
export function keyOf(word: string): string {
  return word.toLowerCase().replace(/[’‘]/g, "'");
}
