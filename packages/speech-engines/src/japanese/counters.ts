import { ending, numberReading } from "./numerals.ts";

/** How the end of a number changes before a counter, by the counter's first sound. */
const shortened = { いち: "いっ", はち: "はっ", じゅう: "じゅっ" };
const beforeK = { ...shortened, ろく: "ろっ", ひゃく: "ひゃっ" };
const beforeYo = { よん: "よ" };

type Reader = (number: string) => string;

const plain =
  (reading: string): Reader =>
  (number) =>
    numberReading(number) + reading;
const changed =
  (reading: string, changes: Readonly<Record<string, string>>): Reader =>
  (number) =>
    ending(numberReading(number), changes) + reading;

/** Counters that begin with h: pp after a shortened number, and b or p after さん. */
function beforeH(rest: string, [h, b, p]: readonly [string, string, string], four = h): Reader {
  return (number) => {
    const whole = numberReading(number);
    const start = ending(whole, beforeK);
    if (start !== whole) return start + p + rest;
    if (/さん$|せん$|まん$/.test(whole)) return whole + b + rest;
    return whole + (whole.endsWith("よん") ? four : h) + rest;
  };
}

const days: Readonly<Record<string, string>> = {
  ...{ 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか" },
  ...{ 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか" },
};
const things: Readonly<Record<string, string>> = {
  ...{ 1: "ひとつ", 2: "ふたつ", 3: "みっつ", 4: "よっつ", 5: "いつつ", 6: "むっつ", 7: "ななつ" },
  ...{ 8: "やっつ", 9: "ここのつ" },
};
const people: Readonly<Record<string, string>> = { 1: "ひとり", 2: "ふたり" };

const month = { よん: "し", なな: "しち", きゅう: "く" };
const hour = { よん: "よ", なな: "しち", きゅう: "く" };
const day: Reader = (number) =>
  days[number] ?? `${ending(numberReading(number), { なな: "しち", きゅう: "く" })}にち`;

/** Counters and how a number before them is read; others are read as they are, after the number's plain reading. */
const counters: Readonly<Record<string, Reader>> = {
  ...{ 分: beforeH("ん", ["ふ", "ぷ", "ぷ"], "ぷ"), 本: beforeH("ん", ["ほ", "ぼ", "ぽ"]) },
  ...{ 匹: beforeH("き", ["ひ", "び", "ぴ"]), 杯: beforeH("い", ["は", "ば", "ぱ"]) },
  ...{ 泊: beforeH("く", ["は", "ぱ", "ぱ"], "ぱ"), 票: beforeH("ょう", ["ひ", "び", "ぴ"]) },
  ...{ 時: changed("じ", hour), 月: changed("がつ", month), 年: changed("ねん", beforeYo) },
  ...{ 日: day, つ: (number) => things[number] ?? `${numberReading(number)}つ` },
  人: (number) => people[number] ?? `${ending(numberReading(number), beforeYo)}にん`,
  ...{ 円: changed("えん", beforeYo), 個: changed("こ", beforeK), 回: changed("かい", beforeK) },
  ...{
    階: changed("かい", beforeK),
    か月: changed("かげつ", beforeK),
    ヶ月: changed("かげつ", beforeK),
  },
  ...{
    カ月: changed("かげつ", beforeK),
    歳: changed("さい", shortened),
    才: changed("さい", shortened),
  },
  ...{
    冊: changed("さつ", shortened),
    週: changed("しゅう", shortened),
    頭: changed("とう", shortened),
  },
  ...{
    点: changed("てん", shortened),
    世紀: changed("せいき", shortened),
    着: changed("ちゃく", shortened),
  },
  ...{ "%": changed("パーセント", { じゅう: "じゅっ" }), キロ: changed("きろ", beforeK) },
  ...{
    km: changed("キロメートル", beforeK),
    kg: changed("キログラム", beforeK),
    cm: plain("センチメートル"),
  },
  ...{
    m: plain("メートル"),
    g: plain("グラム"),
    "℃": plain("ど"),
    度: plain("ど"),
    枚: plain("まい"),
  },
  ...{
    台: plain("だい"),
    番: plain("ばん"),
    倍: plain("ばい"),
    秒: plain("びょう"),
    名: plain("めい"),
  },
};

const names = Object.keys(counters).sort((a, b) => b.length - a.length);
const numberPattern = "\\d+(?:,\\d{3})*(?:\\.\\d+)?";
const numerals = new RegExp(`(${numberPattern})(${names.join("|")})?`, "gu");

/** A part of a text: with its reading in kana if it is a number with its counter. */
export interface Numeral {
  readonly text: string;
  readonly reading?: string;
}

/**
 * Cuts a text at its numbers. Figures are meant; of the numbers in characters, 十分 as a time only where what follows
 * tells that it is one: it also means "enough".
 */
export function splitNumerals(text: string): Numeral[] {
  const figures = text
    .normalize("NFKC")
    .replace(/十分(?=間|前|後|ほど|くらい|ぐらい|以内|以上|おき|ごと|かか|待)/g, "10分");
  const parts: Numeral[] = [];
  let at = 0;
  for (const match of figures.matchAll(numerals)) {
    const [whole, number = "", counter = ""] = match;
    if (match.index > at) parts.push({ text: figures.slice(at, match.index) });
    const dayOfMonth = counter === "日" && number === "1" && figures[match.index - 1] === "月";
    const reading = dayOfMonth ? "ついたち" : (counters[counter] ?? numberReading)(number);
    parts.push({ text: whole, reading });
    at = match.index + whole.length;
  }
  if (at < figures.length) parts.push({ text: figures.slice(at) });
  return parts;
}
