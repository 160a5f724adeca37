/**
 * White space as defined by Python's `str.split()`, which sacreBLEU uses: Unicode's, and the four
 * separators U+001C to U+001F. JavaScript's `\s` lacks some of these and adds U+FEFF.
 */
const space = `[\\p{White_Space}${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f)}]`;
const gap = new RegExp(`${space}+`, "u");
const allGaps = new RegExp(`${space}+`, "gu");
const atStart = new RegExp(`^${space}+`, "u");
const atEnd = new RegExp(`${space}+$`, "u");

/** The nonempty words between white space. */
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
