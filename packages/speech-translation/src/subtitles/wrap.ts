const maxColumns = 42;

/** Characters that take two columns on a terminal or in subtitles. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60ー]/gu;
/** What must not begin a line: closing marks, and small kana that belong to the one before. */
const notFirst = /^[\p{Pe}\p{Pf}\p{Po}ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々]/u;

/** A piece of text that is not broken, and whether there is a space before it. */
interface Piece {
  readonly text: string;
  readonly space: boolean;
}

/** Breaks a text into as few lines of at most 42 columns as it needs, all of about the same width; none if it is empty. */
export function wrapBalanced(text: string): string[] {
  const pieces = piecesOf(text);
  const lines = wrap(pieces, maxColumns);
  for (let width = Math.ceil(widthOf(text) / lines.length); width < maxColumns; width++) {
    const narrower = wrap(pieces, width);
    if (narrower.length === lines.length) return narrower;
  }
  return lines;
}

function wrap(pieces: readonly Piece[], columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const { text, space } of pieces) {
    const longer = line === "" ? text : `${line}${space ? " " : ""}${text}`;
    if (line !== "" && widthOf(longer) > columns) {
      lines.push(line);
      line = text;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

/** Words; of scripts without spaces and of very long words, smaller pieces. */
function piecesOf(text: string): Piece[] {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  return words.flatMap((word) => partsOf(word).map((text, i) => ({ text, space: i === 0 })));
}

const words = new Intl.Segmenter("ja", { granularity: "word" });
const characters = new Intl.Segmenter("ja", { granularity: "grapheme" });

function partsOf(word: string): string[] {
  const isWide = word.search(wide) >= 0;
  if (!isWide && widthOf(word) <= maxColumns) return [word];
  const parts: string[] = [];
  for (const { segment } of (isWide ? words : characters).segment(word)) {
    const last = parts.at(-1);
    const belongs = last !== undefined && (notFirst.test(segment) || /[\p{Ps}\p{Pi}]$/u.test(last));
    if (belongs) parts.splice(-1, 1, last + segment);
    else parts.push(segment);
  }
  return parts;
}

function widthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}
