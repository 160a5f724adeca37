const digits = ["れい", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"];
const hundreds: Readonly<Record<number, string>> = {
  1: "ひゃく",
  3: "さんびゃく",
  6: "ろっぴゃく",
  8: "はっぴゃく",
};
const thousands: Readonly<Record<number, string>> = { 1: "せん", 3: "さんぜん", 8: "はっせん" };
const powers = ["", "まん", "おく", "ちょう"];

/** The reading of a number in hiragana: 0 to 9999 9999 9999 9999, with decimals. */
export function numberReading(number: string): string {
  const [whole = "", decimals] = number.replaceAll(",", "").split(".");
  if (decimals === undefined) return wholeReading(whole);
  const start = whole === "0" ? "れい" : wholeReading(whole);
  const point = ending(start, { いち: "いっ", はち: "はっ", じゅう: "じゅっ" });
  return `${point}てん${[...decimals].map((digit) => digits[Number(digit)]).join("")}`;
}

function wholeReading(whole: string): string {
  const number = whole.replace(/^0+(?=\d)/, "");
  // Longer ones are read digit by digit, like telephone numbers.
  if (number.length > 16 || number.length < whole.length) {
    return [...whole].map((digit) => (digit === "0" ? "ゼロ" : digits[Number(digit)])).join("");
  }
  if (number === "0") return "ゼロ";
  const groups = number.match(/\d{1,4}(?=(?:\d{4})*$)/g) ?? [];
  return groups
    .map((group, i) => {
      const power = powers[groups.length - 1 - i] ?? "";
      const reading = group === "1000" && power !== "" ? "いっせん" : groupReading(Number(group));
      if (reading === "") return "";
      if (power !== "ちょう") return reading + power;
      return ending(reading, { いち: "いっ", はち: "はっ", じゅう: "じゅっ" }) + power;
    })
    .join("");
}

/** 0 (nothing) to 9999. */
function groupReading(number: number): string {
  const [ones, tens, hundred, thousand] = [1, 10, 100, 1000].map(
    (unit) => Math.floor(number / unit) % 10,
  );
  return [
    times(thousand, "せん", thousands),
    times(hundred, "ひゃく", hundreds),
    times(tens, "じゅう", { 1: "じゅう" }),
    ones === 0 ? "" : digits[ones ?? 0],
  ].join("");
}

function times(count = 0, unit: string, irregular: Readonly<Record<number, string>>): string {
  return count === 0 ? "" : (irregular[count] ?? digits[count] + unit);
}

/** A text whose end changes, if it is one of those; the longest first. */
export function ending(text: string, changes: Readonly<Record<string, string>>): string {
  const ends = Object.keys(changes).sort((a, b) => b.length - a.length);
  const end = ends.find((each) => text.endsWith(each));
  return end === undefined ? text : text.slice(0, -end.length) + changes[end];
}
