import { readAllLines } from "@attend/datasets";

/** A word and how it was misspelled. */
export type Misspelling = readonly [word: string, typo: string];

/** Norvig's list of misspellings, `word: typo, typo*3`, less those with spaces; every tenth word is for measuring. */
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
      if (isWord && pair[0] !== typo) (i % 10 === 0 ? validation : training).push(pair);
    }
  }
  return { training, validation };
}
