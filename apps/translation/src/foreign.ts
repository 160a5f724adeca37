import type { Subwords } from "@attend/text";

/** Whether most characters of a text are none that a vocabulary has, but written in bytes: emoji, another script. */
export function isForeign(ids: readonly number[], vocabulary: Subwords): boolean {
  let [known, foreign] = [0, 0];
  for (const id of ids) {
    if (vocabulary.byteOf(id) === undefined) known += vocabulary.charactersOf(id);
    else foreign += vocabulary.charactersOf(id);
  }
  return foreign > known;
}
