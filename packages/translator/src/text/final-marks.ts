import { isSpaceless } from "../language.ts";

const several = /(?<=[^\s.!?…。！？])\s*([.!?。！？]{2,})$/u;

/** A sentence with a single final mark, as in most training data. */
export interface MarkedOnce {
  readonly text: string;
  /** The final marks if there were several (`!!`, `?!`, `...`), or else empty. */
  readonly marks: string;
}

/** Removes all final marks but the first. */
export function markOnce(text: string): MarkedOnce {
  const marks = several.exec(text)?.[1] ?? "";
  return { text: marks === "" ? text : text.slice(0, 1 - marks.length), marks };
}

/** Replaces the final marks of a translation by several of its source. */
export function withMarks(text: string, marks: string, language: string): string {
  const [full, half] = ["。！？", ".!?"];
  const [from, to] = isSpaceless(language) ? [half, full] : [full, half];
  const converted = marks.replaceAll(/./gu, (mark) => to[from.indexOf(mark)] ?? mark);
  return text.replace(/[.!?…。！？]*$/u, "") + converted;
}
