/** The sentences of a text, in pieces that an engine can say at once, without those that have no letter or digit. */
export function sentencesOf(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  // A Japanese character has about three times as many sounds.
  const longest = language === "ja" ? 90 : 270;
  return [...segmenter.segment(text.replace(/\s+/g, " "))]
    .flatMap(({ segment }) => cut(segment.trim(), longest))
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

/** Shorter clauses sound chopped. */
const shortestClause = 8;

/** The parts of a sentence between its commas, which a listener need not wait for together. */
export function clausesOf(sentence: string): string[] {
  const clauses: string[] = [];
  for (const part of sentence.split(/(?<=[、，；]|[,;]\s)/u)) {
    const last = clauses.at(-1);
    if (last === undefined || last.length >= shortestClause) clauses.push(part);
    else clauses[clauses.length - 1] = last + part;
  }
  return clauses;
}

/** Cuts at a comma, otherwise at a space. */
function cut(sentence: string, longest: number): string[] {
  if (sentence.length <= longest) return [sentence];
  const start = sentence.slice(0, longest);
  const at = [/.*[,;:、，；]/su, /.*\s/su].map((end) => end.exec(start)?.[0].length ?? 0);
  const length = at.find((position) => position > longest / 4) ?? longest;
  return [sentence.slice(0, length).trim(), ...cut(sentence.slice(length).trim(), longest)];
}
