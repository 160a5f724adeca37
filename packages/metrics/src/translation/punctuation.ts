/** Every mark of ASCII but apostrophe, comma, hyphen and full stop, which may be part of a word. */
const marks = /[!-&(-+/:-@[-`{-~]/g;

const entities: readonly (readonly [entity: string, character: string])[] = [
  ["&quot;", '"'],
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
];

/** The four characters that NIST's mteval wrote as entities; `&amp;lt;` becomes `<` there, too. */
export function replaceEntities(line: string): string {
  return entities.reduce((text, [entity, character]) => text.replaceAll(entity, character), line);
}

/** Puts spaces around marks that are never part of a word. */
export function separateMarks(line: string): string {
  return line.replace(marks, " $& ");
}

/**
 * Puts spaces around a full stop or comma unless it stands between figures, and before a hyphen that
 * follows a figure; `...` is parted only in places, as the pairs that are looked at do not overlap.
 */
export function separateStops(line: string): string {
  return line
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])-/g, "$1 - ");
}
