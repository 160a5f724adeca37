/** How much of what was said was recognized wrong. */
export interface ErrorRate {
  /** Edits per unit of the references; above 1 if there are more edits than that. */
  readonly rate: number;
  /** Substitutions, deletions and insertions. */
  readonly edits: number;
  /** Words or characters of the references. */
  readonly length: number;
}

/**
 * Word error rate (WER) over all texts, without case and punctuation.
 *
 * @param hypotheses as many as references
 */
export function wordErrorRate(
  hypotheses: readonly string[],
  references: readonly string[],
): ErrorRate {
  return errorRate(hypotheses, references, (text) =>
    spokenForm(text)
      .split(" ")
      .filter((word) => word !== ""),
  );
}

/**
 * Character error rate (CER) over all texts, without case, punctuation and spaces.
 *
 * @param hypotheses as many as references
 */
export function characterErrorRate(
  hypotheses: readonly string[],
  references: readonly string[],
): ErrorRate {
  return errorRate(hypotheses, references, (text) => [...spokenForm(text).replaceAll(" ", "")]);
}

/** A text as it is compared: what cannot be heard is left out, and hyphens separate words. */
function spokenForm(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/[^\p{L}\p{M}\p{N}'ー]+|(?<!\p{L})'|'(?!\p{L})/gu, " ")
    .trim();
}

function errorRate(
  hypotheses: readonly string[],
  references: readonly string[],
  unitsOf: (text: string) => readonly string[],
): ErrorRate {
  let [edits, length] = [0, 0];
  for (const [i, reference] of references.entries()) {
    const expected = unitsOf(reference);
    edits += editDistance(unitsOf(hypotheses[i] ?? ""), expected);
    length += expected.length;
  }
  return { rate: edits === 0 ? 0 : edits / length, edits, length };
}

/** The least number of substitutions, deletions and insertions (Levenshtein 1966). */
function editDistance(found: readonly string[], expected: readonly string[]): number {
  // The distances of the part of `found` so far to each beginning of `expected`.
  let row = Array.from({ length: expected.length + 1 }, (_, j) => j);
  for (const [i, unit] of found.entries()) {
    let left = i + 1;
    const next = [left];
    for (const [j, other] of expected.entries()) {
      const substituted = (row[j] ?? 0) + (unit === other ? 0 : 1);
      left = Math.min(substituted, left + 1, (row[j + 1] ?? 0) + 1);
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
