import type { SpokenNumber } from "./spoken-number.ts";

const small =
  "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split(
    " ",
  );
const tens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split(" ");

/**
 * German, where a number below a million is one word: `fünfundzwanzig`, `neunzehnhundertvierundachtzig`. Those up to twelve
 * and round ones (`zwanzig`, `hundert`) stay, as Duden advises.
 */
export function readGerman(
  words: readonly string[],
  at: number,
  all = false,
): SpokenNumber | undefined {
  const word = (words[at] ?? "").replace(/dreissig/g, "dreißig");
  const isRound =
    small.indexOf(word) >= 0 || tens.includes(word) || /^(?:ein)?(?:hundert|tausend)$/.test(word);
  // `ein` is an article.
  const stays = isRound && !(all && word !== "ein");
  const value = stays ? undefined : numberOf(word);
  if (value === undefined) return undefined;
  return { length: 1, figures: value < 10_000 ? `${value}` : value.toLocaleString("de-DE") };
}

/** @returns undefined if it is not a number */
function numberOf(word: string): number | undefined {
  for (const [name, scale] of [
    ["tausend", 1000],
    ["hundert", 100],
  ] as const) {
    const at = word.indexOf(name);
    if (at < 0) continue;
    const count = at === 0 ? 1 : numberOf(word.slice(0, at));
    const left = word.slice(at + name.length).replace(/^und(?=.)/, "");
    const rest = left === "" ? 0 : numberOf(left);
    return count === undefined || rest === undefined ? undefined : count * scale + rest;
  }
  return belowHundred(word);
}

function belowHundred(word: string): number | undefined {
  const plain = word === "eins" ? 1 : small.indexOf(word);
  if (plain >= 0) return plain;
  const [, unit = "", ten = ""] = /^(?:(.+)und)?(.+)$/.exec(word) ?? [];
  const [units, index] = [unit === "" ? 0 : small.indexOf(unit), tens.indexOf(ten)];
  return index < 0 || units < 0 || units > 9 ? undefined : 10 * (index + 2) + units;
}
