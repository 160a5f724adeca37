import type { SpokenNumber } from "./spoken-number.ts";

const small =
  "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(
    " ",
  );
const tens = "vingt trente quarante cinquante soixante".split(" ");

interface Read {
  readonly value: number;
  readonly length: number;
}

/** French: `vingt cinq`, `soixante et onze`, `quatre vingt dix neuf`, `mille neuf cent quatre vingt quatre`. */
export function readFrench(
  words: readonly string[],
  at: number,
  all = false,
): SpokenNumber | undefined {
  const thousands = words[at] === "mille" ? { value: 1, length: 0 } : belowThousand(words, at);
  const hasThousands = thousands !== undefined && words[at + thousands.length] === "mille";
  const end = hasThousands ? at + thousands.length + 1 : at;
  const rest = belowThousand(words, end);
  const value = (hasThousands ? 1000 * thousands.value : 0) + (rest?.value ?? 0);
  const length = end - at + (rest?.length ?? 0);
  // `un` alone is an article, and numbers of one word are written as words.
  if (all ? value < 2 : length < 2 || value < 17) return undefined;
  return { length, figures: value < 10_000 ? `${value}` : value.toLocaleString("fr-FR") };
}

function belowThousand(words: readonly string[], at: number): Read | undefined {
  const isHundred = (i: number) => /^cents?$/.test(words[i] ?? "");
  const count = small.indexOf(words[at] ?? "");
  const hasCount = count >= 2 && count <= 9 && isHundred(at + 1);
  if (!hasCount && !isHundred(at)) return belowHundred(words, at);
  const length = hasCount ? 2 : 1;
  const rest = belowHundred(words, at + length);
  return {
    value: 100 * (hasCount ? count : 1) + (rest?.value ?? 0),
    length: length + (rest?.length ?? 0),
  };
}

function belowHundred(words: readonly string[], at: number): Read | undefined {
  const isFourTwenty = words[at] === "quatre" && /^vingts?$/.test(words[at + 1] ?? "");
  const ten = isFourTwenty ? 8 : tens.indexOf(words[at] ?? "") + 2;
  if (ten < 2) return belowTwenty(words, at);
  const length = isFourTwenty ? 2 : 1;
  const isAnd = words[at + length] === "et";
  const rest = belowTwenty(words, at + length + (isAnd ? 1 : 0));
  // Seventy and ninety are sixty and eighty with ten and more.
  const most = ten === 6 || ten === 8 ? 19 : 9;
  const isPart = rest !== undefined && rest.value > 0 && rest.value <= most;
  if (!isPart || (isAnd && rest.value !== 1 && rest.value !== 11))
    return { value: 10 * ten, length };
  return { value: 10 * ten + rest.value, length: length + (isAnd ? 1 : 0) + rest.length };
}

function belowTwenty(words: readonly string[], at: number): Read | undefined {
  const value = words[at] === "une" ? 1 : small.indexOf(words[at] ?? "");
  if (value < 0) return undefined;
  const unit = value === 10 ? small.indexOf(words[at + 1] ?? "") : -1;
  return unit >= 7 && unit <= 9 ? { value: 10 + unit, length: 2 } : { value, length: 1 };
}
