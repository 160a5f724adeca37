/**
 * The white space of Python's `str.split()`, by which sacreBLEU goes: Unicode's, and the four separators
 * U+001C to U+001F. JavaScript's `\s` lacks some of it and has U+FEFF besides.
 */
const one = `[\\p{White_Space}${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f)}]`;
const gap = new RegExp(`${one}+`, "u");
const allGaps = new RegExp(`${one}+`, "gu");
const atStart = new RegExp(`^${one}+`, "u");
const atEnd = new RegExp(`${one}+$`, "u");

/** The words between white space; none of them is empty. */
export function splitWords(line: string): string[] {
  return line.split(gap).filter((word) => word !== "");
}

export function removeWhiteSpace(line: string): string {
  return line.replace(allGaps, "");
}

export function trimStart(line: string): string {
  return line.replace(atStart, "");
}

export function trimEnd(line: string): string {
  return line.replace(atEnd, "");
}
