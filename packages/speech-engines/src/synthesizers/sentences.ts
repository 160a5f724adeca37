/** The sentences of a text, in pieces that an engine can say at once, without those that have no letter or digit. */
export function sentencesOf(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  // A Japanese character has about three times as many sounds.
  const longest = language === "ja" ? 90 : 270;
  return [...segmenter.segment(text.replace(/\s+/g, " "))]
    .flatMap(({ segment }) => cut(segment.trim(), longest))
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece));
}

const comma = /(?<=[、，；]|[,;]\s)/u;
/** Between a Japanese particle and a word that does not begin with kana, where it can be told without a dictionary. */
const afterParticle =
  /(?<=[\p{sc=Han}\p{sc=Katakana}ー\d](?:が|を|に|は|も|で|へ|から|まで|には|では))(?=[\p{sc=Han}\p{sc=Katakana}\d])/u;
const boundary = new RegExp(`${comma.source}|${afterParticle.source}`, "u");
/** Characters of the shortest phrase; others sound chopped. */
const shortest = 4;

/**
 * The parts of a sentence that a listener need not wait for together: they end at a comma or, in Japanese, after a particle.
 * There, each is at least twice as long as the one before, so that it is spoken by the time that one has been heard.
 */
export function phrasesOf(sentence: string): string[] {
  const phrases: string[] = [];
  let phrase = "";
  for (const part of sentence.split(boundary)) {
    phrase += part;
    const least = endsWithComma(phrase) ? shortest : 2 * (phrases.at(-1)?.length ?? shortest / 2);
    if (phrase.length < least) continue;
    phrases.push(phrase);
    phrase = "";
  }
  const last = phrase.length < shortest ? (phrases.pop() ?? "") : "";
  return [...phrases, last + phrase];
}

export function endsWithComma(text: string): boolean {
  return /[、，,;；]\s*$/u.test(text);
}

/** Cuts at a comma, otherwise at a space. */
function cut(sentence: string, longest: number): string[] {
  if (sentence.length <= longest) return [sentence];
  const start = sentence.slice(0, longest);
  const at = [/.*[,;:、，；]/su, /.*\s/su].map((end) => end.exec(start)?.[0].length ?? 0);
  const length = at.find((position) => position > longest / 4) ?? longest;
  return [sentence.slice(0, length).trim(), ...cut(sentence.slice(length).trim(), longest)];
}
