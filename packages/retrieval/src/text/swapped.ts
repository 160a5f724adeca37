import { stem } from "porter2";
import { wordsOf } from "./clean.ts";
import { isContentWord } from "./function-words.ts";

/** Words that say what part the next word plays. */
const directions: Readonly<Record<string, string>> = {
  from: "from",
  to: "to",
  into: "to",
  than: "than",
  before: "before",
  after: "after",
  with: "with",
  by: "by",
  for: "for",
};

/**
 * Whether two words that both texts share play each other's part: `from euros to dollars` and `from dollars to euros`,
 * or `can a tenant sue the landlord` and `can a landlord sue the tenant`. Their vectors are almost the same.
 */
export function areSwapped(first: string, second: string): boolean {
  const [a, b] = [partsOf(first), partsOf(second)];
  const shared = [...a.keys()].filter((word) => b.has(word));
  if (shared.length < 2) return false;
  const exchange = shared.some((x, i) =>
    shared.slice(i + 1).some((y) => {
      const [ax, ay, bx, by] = [a.get(x), a.get(y), b.get(x), b.get(y)];
      return ax !== ay && ax === by && ay === bx;
    }),
  );
  const isPlain = [...a.values(), ...b.values()].every((part) => part === "");
  return exchange || (isPlain && twoAreExchanged([...a.keys()], [...b.keys()]));
}

/** Whether both texts have the same words, at least three, of which exactly two have exchanged their places. */
function twoAreExchanged(a: readonly string[], b: readonly string[]): boolean {
  if (a.length < 3 || a.length !== b.length) return false;
  const moved = a.flatMap((word, i) => (word === b[i] ? [] : [i]));
  const [i, j] = moved;
  return moved.length === 2 && i !== undefined && j !== undefined && a[i] === b[j] && a[j] === b[i];
}

/** The stems of a text's content words, each with the part that it plays first. */
function partsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>();
  let part = "";
  for (const word of wordsOf(text)) {
    const direction = directions[word];
    if (direction !== undefined) part = direction;
    if (direction !== undefined || !isContentWord(word)) continue;
    const stemmed = stem(word);
    if (!parts.has(stemmed)) parts.set(stemmed, part);
    part = "";
  }
  return parts;
}
