/** Letters of scripts that write no spaces between words. */
const letters =
  "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}";
const anyLetter = new RegExp(`(?=\\p{L})[${letters}]`, "u");
/** A run of them, with the marks over and under letters. */
const run = new RegExp(`(?=\\p{L})[${letters}][${letters}\\p{M}]*`, "gu");

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Whether a text has letters of a script without spaces. */
export function isUnspaced(text: string): boolean {
  return anyLetter.test(text);
}

/** The text with spaces around the words of scripts without them; all else stays. */
export function cutWords(text: string): string {
  return text.replace(run, (clause) => {
    const words = Array.from(segmenter.segment(clause), ({ segment }) => segment);
    return ` ${words.join(" ")} `;
  });
}
