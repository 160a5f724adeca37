/**
 * The words of a speech as it is in the Corpus of Presidential Speeches, a paragraph a line, without what others said or did
 * (`<Applause.>`), titles and speakers' names. Words that only the government's style guide capitalizes are in lower case.
 */
export function cleanSpeech(text: string): string {
  return text
    .replace(/<[^<>]*>|&\w+;/g, " ")
    .replace(/^\s*[A-Z][A-Z. ]+[.:]\s/gm, "")
    .replace(
      /(?<= \p{Ll}+[,;]? )(?:Federal )?(?:Nation|Government|Administration|Federal)s?(?![\p{L}\d]| \p{Lu})/gu,
      (words) => words.toLowerCase(),
    )
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** When a speech was given; 0 if it has no date. */
export function yearOfSpeech(text: string): number {
  return Number(/<date="[^"]*(\d{4})"/.exec(text)?.[1] ?? 0);
}
