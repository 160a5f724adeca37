import type { SpokenNumber } from "./spoken-number.ts";

const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ordinals =
  "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(
    " ",
  );
const scales: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9 };
const months =
  "january february march april may june july august september october november december".split(
    " ",
  );
/** After these, a number of one word is written in figures too. */
const units = new Set(["percent", "dollars", "euros", "a.m.", "p.m."]);

interface Read {
  readonly value: number;
  readonly length: number;
}

/** English: `twenty five`, `three hundred and two`, `nineteen eighty four`, `three point five`, `the twenty first`. */
export function readEnglish(
  words: readonly string[],
  at: number,
  all = false,
): SpokenNumber | undefined {
  return readOrdinal(words, at, all) ?? readYear(words, at) ?? readCardinal(words, at, all);
}

/** Of two words, only where it is a day or the like: after `the` or a month. */
function readOrdinal(words: readonly string[], at: number, all: boolean): SpokenNumber | undefined {
  const word = words[at] ?? "";
  const whole = ordinals.indexOf(word);
  if (all && whole > 0) return { length: 1, figures: ordinal(whole) };
  const roundTen = tens.indexOf(word.replace(/ieth$/, "y")) + 2;
  if (all && word.endsWith("ieth") && roundTen >= 2)
    return { length: 1, figures: ordinal(10 * roundTen) };
  const ten = tens.indexOf(word) + 2;
  const unit = ordinals.indexOf(words[at + 1] ?? "");
  const before = words[at - 1] ?? "";
  const isDay = before === "the" || months.includes(before);
  if (ten < 2 || unit < 1 || unit > 9 || !(all || isDay)) return undefined;
  return { length: 2, figures: ordinal(10 * ten + unit) };
}

/** `1st`, `12th`, `23rd`. */
function ordinal(value: number): string {
  const ending = value > 3 && value < 21 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${ending}`;
}

/** From 1300 to 2099 (earlier ones sound like times of day): `sixteen ten`, `nineteen oh five`, `twenty nineteen`. */
function readYear(words: readonly string[], at: number): SpokenNumber | undefined {
  const century = belowHundred(words, at);
  if (century === undefined || century.length !== 1 || century.value < 13 || century.value > 20) {
    return undefined;
  }
  const isOh = words[at + 1] === "oh" || words[at + 1] === "o";
  const rest = belowHundred(words, at + (isOh ? 2 : 1));
  if (rest === undefined || rest.value === 0 || isOh !== rest.value < 10) return undefined;
  const length = 1 + (isOh ? 1 : 0) + rest.length;
  return { length, figures: `${100 * century.value + rest.value}` };
}

function readCardinal(
  words: readonly string[],
  at: number,
  all: boolean,
): SpokenNumber | undefined {
  let [total, end, limit] = [0, at, Number.POSITIVE_INFINITY];
  for (;;) {
    const isMore = end > at;
    const start = isMore && words[end] === "and" ? end + 1 : end;
    const part = belowThousand(words, start);
    if (part === undefined) break;
    const scale = scales[words[start + part.length] ?? ""] ?? 1;
    // In falling order: two thousand three hundred.
    if (scale >= limit || (isMore && part.value === 0)) break;
    total += part.value * scale;
    end = start + part.length + (scale > 1 ? 1 : 0);
    limit = scale;
    if (scale === 1) break;
  }
  if (end === at) return undefined;
  const decimals = digitsAfterPoint(words, end);
  if (decimals !== "" && total < 1000) {
    const after = end + 1 + decimals.length;
    const large =
      words[after] === "million" || words[after] === "billion" ? ` ${words[after]}` : "";
    return { length: after - at + (large === "" ? 0 : 1), figures: `${total}.${decimals}${large}` };
  }
  const isExpected = all || end - at > 1 || units.has(words[end] ?? "");
  return isExpected ? { length: end - at, figures: format(total) } : undefined;
}

/** `three hundred and two`, `nineteen hundred`, `forty`. */
function belowThousand(words: readonly string[], at: number): Read | undefined {
  const first = belowHundred(words, at);
  if (first === undefined || words[at + first.length] !== "hundred") return first;
  const end = at + first.length + 1;
  const start = words[end] === "and" ? end + 1 : end;
  const rest = belowHundred(words, start);
  if (rest === undefined || rest.value === 0)
    return { value: 100 * first.value, length: first.length + 1 };
  return { value: 100 * first.value + rest.value, length: start + rest.length - at };
}

function belowHundred(words: readonly string[], at: number): Read | undefined {
  const value = small.indexOf(words[at] ?? "");
  if (value >= 0) return { value, length: 1 };
  const ten = tens.indexOf(words[at] ?? "");
  if (ten < 0) return undefined;
  const unit = small.indexOf(words[at + 1] ?? "");
  const hasUnit = unit >= 1 && unit <= 9;
  return { value: 10 * (ten + 2) + (hasUnit ? unit : 0), length: hasUnit ? 2 : 1 };
}

function digitsAfterPoint(words: readonly string[], at: number): string {
  if (words[at] !== "point") return "";
  let digits = "";
  for (let i = at + 1; ; i++) {
    const digit = small.indexOf(words[i] ?? "");
    if (digit < 0 || digit > 9) return digits;
    digits += digit;
  }
}

/** `1984`, `25,000`, `5 million`. */
function format(value: number): string {
  for (const [name, scale] of [
    ["billion", 1e9],
    ["million", 1e6],
  ] as const) {
    if (value >= scale && value % scale === 0) return `${value / scale} ${name}`;
  }
  return value < 10_000 ? `${value}` : value.toLocaleString("en-US");
}
