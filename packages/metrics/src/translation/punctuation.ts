/**
 * All ASCII punctuation except apostrophe, comma, hyphen and period, which may be part of a word.
 */
const marks = /[!-&(-+/:-@[-`{-~]/g;

const entities: readonly (readonly [entity: string, character: string])[] = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
];

/** Replaces the four entities of NIST's mteval; `&amp;lt;` becomes `<`, as it does there. */
export function replaceEntities(line: string): string {
  return entities.reduce((text, [entity, character]) => text.replaceAll(entity, character), line);
}

/** Puts spaces around marks that are never part of a word. */
export function separateMarks(line: string): string {
  return line.replace(marks, " $& ");
}

/**
 * Puts spaces around a period or comma unless it is between digits, and before a hyphen that
 * follows a digit. `...` is only partly separated, since the matched pairs do not overlap.
 */
export function separateStops(line: string): string {
  return line
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])-/g, "$1 - ");
}
