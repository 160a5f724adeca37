import type { Alignment } from "@attend/translator";

const shades = [" ", "░", "▒", "▓", "█"];

/**
 * An alignment for the terminal: a row for each output token, a column for each source token, shaded
 * by the attention weights.
 */
export function formatAlignment({ source, target, weights }: Alignment): string {
  const labels = target.map(visible);
  const margin = Math.max(0, ...labels.map(widthOf));
  const rows = weights.slice(0, target.length).map((row, i) => {
    const cells = row.map((weight) => shade(weight).repeat(2)).join("");
    return `${padStart(labels[i] ?? "", margin)} │${cells}│`;
  });
  return [...columnHeads(source.map(visible), margin), ...rows].join("\n");
}

/** The source tokens written vertically, one line per character. */
function columnHeads(tokens: readonly string[], margin: number): string[] {
  const columns = tokens.map((token) => [...token]);
  const height = Math.max(0, ...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const cells = columns.map((column) => {
      const character = column[line - (height - column.length)] ?? " ";
      return widthOf(character) === 2 ? character : `${character} `;
    });
    return `${" ".repeat(margin)}  ${cells.join("")}`.trimEnd();
  });
}

function shade(weight: number): string {
  const step = Math.min(shades.length - 1, Math.ceil(weight * shades.length - 0.5));
  return shades[Math.max(0, step)] ?? " ";
}

/** Makes a token's spaces visible. */
export function visible(token: string): string {
  return token.replaceAll(" ", "▁");
}

function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Width in terminal columns: East Asian wide characters and emoji take two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}]/u;
