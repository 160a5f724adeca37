/** What BERT's tokenizers do to a text before it is split. */
export interface BertNormalization {
  /** Control characters are left out, and white space becomes a space. */
  readonly cleanText: boolean;
  /** Each Chinese character is a word. */
  readonly splitChinese: boolean;
  readonly stripAccents: boolean;
  readonly lowerCase: boolean;
}

/** Other than tab and line ends: Cc, Cf and Co. */
const control = /[\p{Cc}\p{Cf}\p{Co}\uFFFD]/u;
const keptControl = /[\t\n\r]/;
const whiteSpace = /\p{White_Space}/u;
/** The blocks of CJK ideographs that BERT lists, without kana and hangul; one starts later than Unicode's. */
const chinese =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/u;

/** Equal to Hugging Face's `BertNormalizer`, whose tables are those of Unicode 8, for the characters that these know. */
export function normalize(text: string, options: BertNormalization): string {
  let result = text;
  if (options.cleanText) result = mapCharacters(result, clean);
  if (options.splitChinese) result = mapCharacters(result, (c) => (chinese.test(c) ? ` ${c} ` : c));
  if (options.stripAccents) result = result.normalize("NFD").replace(/\p{Mn}/gu, "");
  // Character by character: a final sigma is not known to be one.
  return options.lowerCase ? mapCharacters(result, (c) => c.toLowerCase()) : result;
}

function clean(character: string): string {
  if (control.test(character) && !keptControl.test(character)) return "";
  return whiteSpace.test(character) ? " " : character;
}

function mapCharacters(text: string, change: (character: string) => string): string {
  let result = "";
  for (const character of text) result += change(character);
  return result;
}

/** ASCII symbols such as $ and ^ count as punctuation. */
const punctuation = /[\p{P}$+<=>^`|~]/u;

/** Words, and each punctuation mark by itself. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  const finish = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (const character of text) {
    if (whiteSpace.test(character)) finish();
    else if (punctuation.test(character)) {
      finish();
      words.push(character);
    } else word += character;
  }
  finish();
  return words;
}
