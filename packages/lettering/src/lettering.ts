import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import opentype from "opentype.js";

/**
 * Draws text as outlines of IBM Plex Sans, and of Kosugi for Japanese: it works on machines without fonts,
 * and looks the same on all.
 */
export interface Lettering {
  /** The width of a text in pixels. */
  width(text: string, size: number): number;
  /** SVG path data; `x` is the left end of the text, `y` its baseline. */
  outline(text: string, x: number, y: number, size: number): string;
}

type Weight = 400 | 600;

const folderOf = (file: string) => join(dirname(fileURLToPath(file)), "files");
const plex = folderOf(import.meta.resolve("@fontsource/ibm-plex-sans/package.json"));
const kosugi = folderOf(import.meta.resolve("@fontsource/kosugi/package.json"));

const plexPart = (part: string) => (weight: Weight) =>
  join(plex, `ibm-plex-sans-${part}-${weight}-normal.woff`);
const latin = plexPart("latin");
/** The fonts' parts; a character is drawn with the first that contains it. */
const parts = [
  ...[latin, plexPart("latin-ext"), plexPart("cyrillic"), plexPart("greek")],
  // Available in one weight only.
  () => join(kosugi, "kosugi-japanese-400-normal.woff"),
];
const fonts = new Map<string, opentype.Font>();

/** Measures and draws text in one weight of the fonts, see {@link Lettering}. */
export function lettering(weight: Weight): Lettering {
  return {
    width: (text, size) =>
      runsOf(text, weight).reduce((sum, run) => sum + run.font.getAdvanceWidth(run.text, size), 0),
    outline(text, x, y, size) {
      let at = x;
      return runsOf(text, weight)
        .map((run) => {
          const path = pathData(run.font.getPath(run.text, at, y, size).commands);
          at += run.font.getAdvanceWidth(run.text, size);
          return path;
        })
        .join("");
    },
  };
}

/** Cuts the end of a text until it is at most `width` pixels wide, and marks the cut by `…`. */
export function shorten(letters: Lettering, text: string, size: number, width: number): string {
  if (letters.width(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && letters.width(`${characters.join("")}…`, size) > width) {
    characters.pop();
  }
  return `${characters.join("")}…`;
}

/** Breaks a text at spaces into lines of at most `width` pixels. */
export function wrap(letters: Lettering, text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && letters.width(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(shorten(letters, word, size, width));
  }
  return lines;
}

/** Replaces opentype.js's `toPathData`, which writes NaN for numbers just above integers (2.0.0). */
function pathData(commands: readonly opentype.PathCommand[]): string {
  const write = (...numbers: number[]) => numbers.map((number) => number.toFixed(2)).join(" ");
  return commands
    .map((c) => {
      switch (c.type) {
        case "M":
        case "L":
          return `${c.type}${write(c.x, c.y)}`;
        case "Q":
          return `Q${write(c.x1, c.y1, c.x, c.y)}`;
        case "C":
          return `C${write(c.x1, c.y1, c.x2, c.y2, c.x, c.y)}`;
        default:
          return "Z";
      }
    })
    .join("");
}

function runsOf(text: string, weight: Weight): { font: opentype.Font; text: string }[] {
  const runs: { font: opentype.Font; text: string }[] = [];
  for (const character of text) {
    const font = fontFor(character, weight);
    const last = runs.at(-1);
    if (last?.font === font) last.text += character;
    else runs.push({ font, text: character });
  }
  return runs;
}

/** The font of a character; that of the empty box if no part contains it. */
function fontFor(character: string, weight: Weight): opentype.Font {
  const has = (part: (weight: Weight) => string) =>
    loadFont(part(weight)).charToGlyphIndex(character) > 0;
  return loadFont((parts.find(has) ?? latin)(weight));
}

function loadFont(file: string): opentype.Font {
  let font = fonts.get(file);
  if (font === undefined) {
    font = opentype.parse(new Uint8Array(readFileSync(file)).buffer);
    fonts.set(file, font);
  }
  return font;
}
