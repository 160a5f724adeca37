import { readAllLines } from "./text-files/lines.ts";

/** A word and how it was misspelled. */
export type Misspelling = readonly [word: string, typo: string];

/** Of the words, in alphabetical order, every tenth is for measuring. */
const heldOut = 10;

/**
 * Reads a list of misspellings such as Norvig's, `word: typo, typo*3`, in lower case, without those that have spaces.
 *
 * @throws AttendError the errors of `readLines`
 */
export async function readMisspellings(
  file: string,
): Promise<{ training: Misspelling[]; validation: Misspelling[] }> {
  const [training, validation]: [Misspelling[], Misspelling[]] = [[], []];
  const lines = (await readAllLines(file)).filter((line) => line !== "").sort();
  for (const [i, line] of lines.entries()) {
    const [word = "", typos = ""] = line.split(": ");
    for (const each of typos.split(", ")) {
      const typo = each.replace(/\*\d+$/, "").toLowerCase();
      const isWord = /^[a-z][a-z']*$/.test(word.toLowerCase()) && /^[a-z][a-z']*$/.test(typo);
      const pair = [word.toLowerCase(), typo] as const;
      if (isWord && pair[0] !== typo) (i % heldOut === 0 ? validation : training).push(pair);
    }
  }
  return { training, validation };
}
