/** How Kokoro writes each kana, or two that are read as one: the table of misaki 0.7.4 (Apache-2.0), `ja.py`. */
const table = `
  ぁ a  あ a  ぃ i  い i  ぅ ɯ  う ɯ  ぇ e  え e  ぉ o  お o  か ka  が ɡa  き kʲi
  ぎ ɡʲi  く kɯ  ぐ ɡɯ  け ke  げ ɡe  こ ko  ご ɡo  さ sa  ざ ʣa  し ɕi  じ ʥi
  す sɨ  ず zɨ  せ se  ぜ ʣe  そ so  ぞ ʣo  た ta  だ da  ち ʨi  ぢ ʥi  つ ʦɨ
  づ zɨ  て te  で de  と to  ど do  な na  に ɲi  ぬ nɯ  ね ne  の no  は ha
  ば ba  ぱ pa  ひ çi  び bʲi  ぴ pʲi  ふ ɸɯ  ぶ bɯ  ぷ pɯ  へ he  べ be  ぺ pe
  ほ ho  ぼ bo  ぽ po  ま ma  み mʲi  む mɯ  め me  も mo  ゃ ja  や ja  ゅ jɯ
  ゆ jɯ  ょ jo  よ jo  ら ɾa  り ɾʲi  る ɾɯ  れ ɾe  ろ ɾo  ゎ βa  わ βa  ゐ i
  ゑ e  を o  ゔ vɯ  ゕ ka  ゖ ke  ヷ va  ヸ vʲi  ヹ ve  ヺ vo  いぇ je  うぃ βi
  うぇ βe  うぉ βo  きぇ kʲe  きゃ kʲa  きゅ kʲɨ  きょ kʲo  ぎゃ ɡʲa  ぎゅ ɡʲɨ  ぎょ ɡʲo
  くぁ kᵝa  くぃ kᵝi  くぇ kᵝe  くぉ kᵝo  ぐぁ ɡᵝa  ぐぃ ɡᵝi  ぐぇ ɡᵝe  ぐぉ ɡᵝo
  しぇ ɕe  しゃ ɕa  しゅ ɕɨ  しょ ɕo  じぇ ʥe  じゃ ʥa  じゅ ʥɨ  じょ ʥo  ちぇ ʨe  ちゃ ʨa
  ちゅ ʨɨ  ちょ ʨo  ぢゃ ʥa  ぢゅ ʥɨ  ぢょ ʥo  つぁ ʦa  つぃ ʦʲi  つぇ ʦe  つぉ ʦo
  てぃ tʲi  てゅ tʲɨ  でぃ dʲi  でゅ dʲɨ  とぅ tɯ  どぅ dɯ  にぇ ɲe  にゃ ɲa  にゅ ɲɨ
  にょ ɲo  ひぇ çe  ひゃ ça  ひゅ çɨ  ひょ ço  びゃ bʲa  びゅ bʲɨ  びょ bʲo  ぴゃ pʲa
  ぴゅ pʲɨ  ぴょ pʲo  ふぁ ɸa  ふぃ ɸʲi  ふぇ ɸe  ふぉ ɸo  ふゅ ɸʲɨ  ふょ ɸʲo  みゃ mʲa
  みゅ mʲɨ  みょ mʲo  りゃ ɾʲa  りゅ ɾʲɨ  りょ ɾʲo  ゔぁ va  ゔぃ vʲi  ゔぇ ve  ゔぉ vo
  ゔゅ bʲɨ  ゔょ bʲo
`;

/** The marks that it knows, by those of Japanese texts. */
const marks: Readonly<Record<string, string>> = {
  ...{ "。": ".", "、": ",", "，": ",", "？": "?", "！": "!", "：": ":", "；": ";" },
  ...{
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "（": "«",
    "）": "»",
    "～": "—",
    "〜": "—",
    "・": " ",
  },
};

const phonemes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(marks),
  ...table
    .trim()
    .split(/\s{2,}|\n/)
    .map((pair): [string, string] => {
      const [kana = "", sounds = ""] = pair.trim().split(" ");
      return [kana, sounds];
    }),
]);

const small = "ゃゅょぁぃぅぇぉ";

/** The phonemes of a word in kana, and of marks; what has none is left out. */
export function kanaPhonemes(kana: string): string {
  const characters = [...toHiragana(kana)];
  return characters.map((each, i) => sound(characters[i - 1], each, characters[i + 1])).join("");
}

/** Katakana as hiragana; the prolonged sound mark stays. */
function toHiragana(kana: string): string {
  return kana.replace(/[ァ-ヶ]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0x60));
}

function sound(previous = "", kana: string, next = ""): string {
  const together = phonemes.get(previous + kana);
  if (previous !== "" && together !== undefined) return together;
  if (next !== "" && phonemes.has(kana + next)) return "";
  if (next !== "" && small.includes(next)) {
    return kana === "っ"
      ? ""
      : (phonemes.get(kana) ?? "").slice(0, -1) + (phonemes.get(next) ?? "");
  }
  if (small.includes(kana)) return "";
  if (kana === "ー") return "ː";
  if (kana === "っ") return "ʔ";
  if (kana === "ん") return nasalBefore(phonemes.get(next) ?? "");
  return phonemes.get(kana) ?? "";
}

/** ん sounds like what follows it. */
function nasalBefore(next: string): string {
  if (/^[mpb]/.test(next)) return "m";
  if (/^[kɡ]/.test(next)) return "ŋ";
  if (/^[ɲʨʥ]/u.test(next)) return "ɲ";
  if (/^[ntdɾz]/u.test(next)) return "n";
  return "ɴ";
}
