import { yieldTurn } from "@attend/runtime";
import { type Casing, casings } from "../words/casing.ts";
import { isFinal, type Mark, marks } from "../words/marks.ts";
import type { TaggerModel } from "./model.ts";
import { bestClasses, tagAll } from "./tag.ts";

/** What may follow a word: a mark that is given, any, or one that ends a sentence. */
export type Allowed = Mark | "any" | "final";

/** How much the probability of no mark counts: as many marks are then set as there should be, and F1 is the highest. */
const noneWeight = 0.5;

/** What a tagger says of a word. */
export interface Decision {
  readonly mark: Mark;
  readonly casing: Casing;
}

/**
 * The marks and casing of the words of a text of any length. It is read in windows, each of which begins with the sentence
 * that was last found to be unfinished (Tilk & Alumäe 2016, section 3.1).
 *
 * @param words the key of each, and what may follow it
 * @throws AttendError INTERRUPTED if `signal` is aborted
 */
export async function decide(
  model: TaggerModel,
  words: readonly { readonly key: string; readonly allowed: Allowed }[],
  signal?: AbortSignal,
): Promise<Decision[]> {
  const { window } = model.config;
  const decisions: Decision[] = [];
  for (let from = 0; from < words.length; from = decisions.length) {
    await yieldTurn(signal);
    const read = words.slice(from, from + window);
    const found = decideWindow(model, read);
    const isLast = from + window >= words.length;
    decisions.push(...(isLast ? found : found.slice(0, certain(found))));
  }
  return decisions;
}

/** The words up to the end of the last sentence of a window, if that is not too early; else most of them. */
function certain(decisions: readonly Decision[]): number {
  const sentences = decisions.findLastIndex(
    ({ mark }, i) => isFinal(mark) && i < decisions.length - 1,
  );
  return sentences >= decisions.length / 2 ? sentences + 1 : Math.ceil(0.75 * decisions.length);
}

function decideWindow(
  model: TaggerModel,
  words: readonly { readonly key: string; readonly allowed: Allowed }[],
): Decision[] {
  const [tags] = tagAll(model, [words.map(({ key }) => key)]);
  const casing = bestClasses(tags?.casings ?? new Float32Array(), casings.length);
  return words.map(({ allowed }, i) => {
    const row =
      tags?.marks.subarray(i * marks.length, (i + 1) * marks.length) ?? new Float32Array();
    return { mark: chosen(row, allowed), casing: casings[casing[i] ?? 0] ?? "lower" };
  });
}

function chosen(probabilities: Float32Array, allowed: Allowed): Mark {
  if (allowed !== "any" && allowed !== "final") return allowed;
  const open = allowed === "any" ? marks : marks.filter(isFinal);
  const of = (mark: Mark) =>
    (probabilities[marks.indexOf(mark)] ?? 0) * (mark === "none" ? noneWeight : 1);
  return open.reduce((best, mark) => (of(mark) > of(best) ? mark : best));
}
