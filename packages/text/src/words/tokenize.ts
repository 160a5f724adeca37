/**
 * The standard tokens of caption evaluation, as in pycocoevalcap: Stanford's PTBTokenizer 3.4.1 with
 * `-preserveLines -lowerCase`, without a list of punctuation tokens.
 *
 * Contractions are split (`does n't`, `zebra 's`, `can not`); hyphenated words and abbreviations are not
 * (`t-shirt`, `u.s.`, `p.m.`). Like the reference, which compares its list of punctuation with lower-case
 * tokens, it keeps brackets as `-lrb-` and `-rrb-`, and runs such as `!!`. Unlike the reference, it splits
 * emoticons, telephone numbers in brackets and tags with attributes.
 *
 * Chinese, Japanese, Thai and other scripts without spaces, whose clauses the reference treats as one word,
 * are split into the words that `Intl.Segmenter` finds (with the dictionaries that come with Node).
 *
 * @param caption one or several sentences; any whitespace separates words
 * @returns lower-case tokens; empty if the caption contains no word
 */
export function tokenize(caption: string): string[] {
  const tokens: string[] = [];
  const text = caption.replace(/[’‘]/g, "'");
  const unspaced = isUnspaced(text);
  for (const match of (unspaced ? cutWords(text) : text).match(tokenPattern) ?? []) {
    if (droppedPattern.test(match) || (unspaced && droppedUnspaced.test(match))) continue;
    tokens.push(replacements.get(match) ?? match.toLowerCase());
  }
  return tokens;
}

/** Letters of scripts without spaces between words. */
const unspacedLetters =
  "\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}";
const anyUnspaced = new RegExp(`(?=\\p{L})[${unspacedLetters}]`, "u");
/** A run of them, with their combining marks. */
const unspacedRun = new RegExp(`(?=\\p{L})[${unspacedLetters}][${unspacedLetters}\\p{M}]*`, "gu");

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Whether a text contains letters of a script without spaces. */
export function isUnspaced(text: string): boolean {
  return anyUnspaced.test(text);
}

/** Adds spaces around the words of scripts without spaces. */
function cutWords(text: string): string {
  return text.replace(unspacedRun, (clause) => {
    const words = Array.from(segmenter.segment(clause), ({ segment }) => segment);
    return ` ${words.join(" ")} `;
  });
}

/** Quotes, dashes, single punctuation marks and runs of periods: the punctuation that evaluation ignores. */
const droppedPattern = /^(?:['"`“”«»–—-]+|\.+|…|[?!,:;])$/;
/** The same for scripts without spaces. */
const droppedUnspaced = /^[。｡、､，．？！：；「」『』（）《》〈〉【】〔〕〜～・·]$/;

const replacements: ReadonlyMap<string, string> = new Map([
  ["(", "-lrb-"],
  [")", "-rrb-"],
  ["[", "-lsb-"],
  ["]", "-rsb-"],
  ["{", "-lcb-"],
  ["}", "-rcb-"],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["€", "$"],
  ["£", "#"],
  ["¢", "cents"],
  ["½", "1/2"],
  ["¼", "1/4"],
  ["¾", "3/4"],
]);

/** Abbreviations that keep their period. */
const abbreviations =
  "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri ala ariz calif " +
  "colo conn fla ga ind kan kans ky md mich minn mo mont neb nev okla penn tenn va vt wis wisc wyo " +
  "inc co cos corp bros ltd plc assn assoc univ dept intl natl mr mrs ms messrs mme mlle dr drs prof " +
  "profs sen sens rep reps gov govs gen brig col cmdr comdr lt capt maj sgt cpl pvt adm pres rev hon " +
  "sr jr esq atty attys supt supts det insp msgr ph st ste ave blvd rd ct sq ft mt bldg etc al seq cf " +
  "vs est tel ext alex wm jos rt elec";

/** Those that keep it only if capitalized, because in lower case they are words or parts of words. */
const capitalAbbreviations = "Ark Del Ill La Mass Miss Ore Pa Tex Wash Az";

/** After an initial (`vitamin C. The plate`), these begin a sentence, so that the period ends one. */
const openers =
  "A|An|The|This|That|These|He|She|It|We|You|They|What|When|There|Here|Her|Our|Their|Some|Many|One|" +
  "In|At|But|So|Yet|If|As|While|However|Then|Now|After|Since|About|More|Other|Such|Last";

const anyCase = (word: string) =>
  word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const anyOf = (words: string, form: (word: string) => string) =>
  words.split(" ").map(form).join("|");

const letter = "[\\p{L}\\p{M}]";
const alphanumeric = "[\\p{L}\\p{M}\\p{N}]";
/** The ends of words that are split off: it 's, they 're, does n't. */
const clitic = `'(?:[sSmMdD]|[lL][lL]|[rR][eE]|[vV][eE])(?!${letter})`;
const negation = `[nN]'[tT](?!${letter})`;
/** Words of two tokens, as `first+second`. */
const joined = "can+not gon+na wan+na got+ta lem+me gim+me 't+is 't+was";

/**
 * Token patterns in order of precedence. Whitespace and characters that no pattern matches (emoji, control
 * characters) lie between the matches.
 */
const tokenPattern = new RegExp(
  [
    anyOf(joined, (word) => {
      const [first = "", second = ""] = word.split("+");
      return `(?<!${alphanumeric})${anyCase(first)}(?=${anyCase(second)}(?!${alphanumeric}))`;
    }),
    // The common case, for speed: a plain word before a space or punctuation.
    "[a-zA-Z]+(?=\\s|$|[,;!?](?![a-zA-Z]))",
    `${letter}+?(?=${negation})`,
    negation,
    clitic,
    'https?://[^\\s<>"]*[^\\s<>".,;:!?)\'\\]]',
    "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)*",
    "</?[a-zA-Z][^<>\\s]*>",
    "&(?:amp|lt|gt);",
    "'(?:\\d0s|\\d\\d)(?!\\w)",
    "'(?:[nN]'?|[eE][mM]|[tT]ill?|[cC]ause)(?!\\w)",
    "[oO]l'(?!\\w)|[cC]'mon|[mM]a'am|[yY]'(?=[aA][lL][lL](?!\\w))",
    `[dDlLoO]'${letter}${letter}+`,
    // Acronyms and abbreviations keep their periods; so does any word before more punctuation.
    `${letter}(?:\\.${letter})+(?!${alphanumeric})(?:-${alphanumeric}+|\\.)*`,
    `(?:${anyOf(abbreviations, anyCase)}|${anyOf(capitalAbbreviations, (word) => word)}|[Pp]h\\.[dD])\\.(?!${alphanumeric})`,
    `[a-hj-zA-HJ-Z]\\.(?!${alphanumeric}|\\s+(?:${openers})(?!${alphanumeric}))`,
    "[Nn]o\\.(?=\\s?\\d)|[Ff]igs?\\.(?=\\s?\\d)",
    `${letter}+\\.(?=[,;:])`,
    "[A-Z]+(?:&[A-Z]+)+",
    "[cC](?:\\+\\+|#)",
    `${letter}+[aeiouyAEIOUY]'(?!${clitic.slice(1)})[aeiouA-Z]${letter}*`,
    // Fractions, times, prices, dates; then words joined by hyphens, slashes or dots.
    `[-+]?\\d+/\\d+(?:/\\d+)?(?!${alphanumeric})`,
    "[-+]?\\d*(?:[.,:]\\d+)+",
    `[-+]?\\d+(?!${alphanumeric}|-${alphanumeric})`,
    `(?:${letter}|\\d)+(?:(?:[-_/]|(?<!\\d)[.!?](?=${letter}))${alphanumeric}+)*`,
    `(?:#|@)${letter}\\w*`,
    "[!?]+|\\.+|\\*+|_+|#+|['\"`“”«»–—-]|[^\\p{L}\\p{M}\\p{N}\\p{So}\\p{C}\\s]|[½¼¾]",
  ].join("|"),
  "gu",
);
