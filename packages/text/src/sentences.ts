/** A sentence, trimmed, and where it begins in its text. */
export interface Sentence {
  readonly text: string;
  readonly start: number;
}

/**
 * Splits a text into sentences where Unicode ends them (UAX #29, by `Intl.Segmenter`) and also, because
 * people omit capitals, spaces and punctuation, at a period before a small letter or directly before a
 * capital, and before a capitalized article. Abbreviations (`Mr.`, `z. B.`), initials (`J. R. R. Tolkien`),
 * ordinals (`am 3. Mai`) and continued quotes (`"Stop!" he says`) do not end a sentence. A line break always
 * does. A private-use character may represent a number or symbol.
 *
 * @param language the text's language, such as `de`: some languages write ordinals with a period
 * @returns the sentences in order, with only whitespace between them
 */
export function splitSentences(text: string, language = "en"): Sentence[] {
  const ends = [...candidates(text, language)]
    .sort((a, b) => a - b)
    .filter((end) => end === text.length || endsSentence(text, end, language));
  const sentences: Sentence[] = [];
  let from = 0;
  for (const end of ends) {
    const piece = text.slice(from, end);
    const start = from + piece.length - piece.trimStart().length;
    if (piece.trim() !== "") sentences.push({ text: piece.trim(), start });
    from = end;
  }
  return sentences;
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

/** Ends that Unicode does not find: `play. a man`, `play.A man`, `play.2 men`, `PLAY.A MAN`, `waits… A man`, `play. - A man`. */
const furtherEnds = [
  /(?<=(?:\p{L}{2}|\s|\p{L}['’]\p{L})\.["'”’»)\]]{0,9}\s{1,9})(?=[\p{Ll}\p{N}\p{Co}])/gu,
  /(?<=(?:\p{Ll}{2}|\p{L}['’]\p{Ll})\.["'”’»)\]]{0,9})(?=\p{Lu}\p{Ll}{0,40}[\s,]|[\p{N}\p{Co}]\s)/gu,
  /(?<=(?:\p{Ll}{3}|\s)\.)(?=(?:an?|the|two|three|i|it|s?he|we|you|they|there|eine?|der|die|das|zwei|une?|les?|la|deux)\s\p{L})/gu,
  /(?<=\p{Lu}{3}\.)(?=\p{Lu}{1,40}\s)/gu,
  /(?<=…["'”’»)\]]{0,9}\s{1,9})(?=\p{Lu})/gu,
  /(?<=[.!?…]["'”’»)\]]{0,9}\s{1,9})(?=[-–—*]\s{1,9}\p{Lu})/gu,
];

/** Ends without a period: `in a pool Two dogs play`; there may be a symbol instead, or nothing. */
const unmarkedEnds: Readonly<Record<string, RegExp>> = {
  en: /(?<=\p{Ll}{2}[\s\p{Co}]{0,9})(?=(?:An?|The|This|There|One|Two|Three|Four|Five|Six|Some|Several|Many|He|She|It|We|They)\s\p{Ll})/gu,
  de: /(?<=\p{Ll}{2}[\s\p{Co}]{0,9})(?=(?:Eine?|Einige|Zwei|Drei|Vier|Fünf|Mehrere|Viele|Der|Die|Das|Diese[rs]?)\s\p{L})/gu,
  fr: /(?<=\p{Ll}{2}[\s\p{Co}]{0,9})(?=(?:Une?|Des|Deux|Trois|Quatre|Plusieurs|Les?|La|Ils?|Elles?)\s\p{Ll})/gu,
};

function candidates(text: string, language: string): Set<number> {
  const ends = new Set([text.length, ...unicodeEnds(text)]);
  const unmarked = unmarkedEnds[language.slice(0, 2)];
  for (const pattern of unmarked === undefined ? furtherEnds : [...furtherEnds, unmarked]) {
    for (const { index } of text.matchAll(pattern)) ends.add(index);
  }
  return ends;
}

/** Uses windows, because the time of `Intl.Segmenter` is quadratic in the length of the text. */
function* unicodeEnds(text: string): Generator<number> {
  for (let [from, size] = [0, 1024]; from < text.length; ) {
    const isLast = from + size >= text.length;
    // An end depends on the text after it.
    const certain = isLast ? text.length : from + size - 64;
    const segments = segmenter.segment(text.slice(from, from + size));
    const ends = [...segments].map(({ index }) => from + index).slice(1);
    const found = ends.filter((end) => end <= certain);
    yield* found;
    if (isLast) return;
    const last = found.at(-1);
    [from, size] = last === undefined ? [from, 2 * size] : [last, 1024];
  }
}

/** Whether a sentence ends before the character at `end`, a candidate. */
function endsSentence(text: string, end: number, language: string): boolean {
  const before = text.slice(Math.max(0, end - 80), end);
  const after = text.slice(end, end + 40);
  if (/[\n\u2028\u2029]\s*$/.test(before)) return true;
  const continues = /^["'“‘«„([]*\p{Ll}/u.test(after);
  if (/[.!?…]["'”’»)]+\s*$/.test(before) && continues) return false;
  const word = /([\p{L}\p{M}\p{N}.]*)\s?\.["'”’»)\]]*\s*$/u.exec(before)?.[1];
  if (word === undefined) return true;
  if (isOrdinal(word, after, language)) return false;
  if (/^\p{N}+$/u.test(word)) return true;
  const last = word.slice(word.lastIndexOf(".") + 1);
  if (last === "I" || contraction.test(before)) return true;
  if (last.length === 1 || abbreviations.has(last.toLowerCase())) return opener.test(after);
  const needsNumber = /^[\p{N}\p{Co}]/u.test(after) && beforeNumbers.has(last.toLowerCase());
  return !needsNumber && !(continues && beforeSmallLetters.has(last.toLowerCase()));
}

/** `didn't.`, `IT'S.`, whose last letter is no initial, but not `l'O.` or `L'O.`, whose is. */
const contraction = /(?:\p{L}['’]\p{Ll}|(?:\p{Lu}{2}|I)['’]\p{Lu})\.["'”’»)\]]*\s*$/u;

/** Words that begin sentences: they distinguish a period that ends one from that of an abbreviation. */
const opener =
  /^["'“‘«„([]*(?:An?|The|Th[ei]se|This|That|Those|[HS]?[Hh]e|It|We|You|They|I|There|Here|In|On|At|But|And|One|Two|Three|Four|Five|Some|Many|My|Your|His|Her|Our|Their|What|When|Where|Who|Why|How|Der|Die|Das|Eine?|Er|Sie|Es|Wir|Ich|Zwei|Drei|Le|La|Les|Une?|Des|Deux|Ils?|Elles?|Je|Nous|Vous)(?![\p{L}\p{M}.'’-])/u;

/** Words that do not end a sentence, unless an opener follows. */
const abbreviations = new Set(
  (
    "mr mrs ms mx dr prof st sr jr rev hon gen sgt lt capt cmdr gov sen rep messrs mme mlle hr fr " +
    "vs etc approx cf dept inc ltd corp ave blvd rd tel tbsp tsp oz lbs incl excl ca " +
    "bzw usw evtl ggf inkl exkl zzgl vgl abb bspw sog mio mrd nr str fa co"
  ).split(" "),
);
const beforeNumbers = new Set(
  "no nos fig figs vol vols p pp art ch sec jan feb mar apr jun jul aug sep sept oct nov dec".split(
    " ",
  ),
);
const beforeSmallLetters = new Set("min max avg est ext misc ed mt env ex".split(" "));

/** Languages in which `3.` or `III.` means "third". */
const ordinalLanguages = /^(?:de|da|nb|nn|no|fi|et|lv|cs|sk|pl|hu|hr|sl|sr|bs|is)(?:-|$)/;

function isOrdinal(word: string, after: string, language: string): boolean {
  const next = /^\p{L}/u.test(after) && !opener.test(after);
  return next && /^(?:\p{N}{1,2}|[IVX]+)$/u.test(word) && ordinalLanguages.test(language);
}
