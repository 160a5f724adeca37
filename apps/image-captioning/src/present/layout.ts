/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The caption, above everything. */
  readonly heading: Box;
  /** The photo, over two columns and two rows of tiles. */
  readonly photo: Box;
  /** The color scale, below the photo. */
  readonly legend: Box;
  /** One for each word, in rows around the photo; the word is below its tile. */
  readonly tiles: readonly Box[];
}

export const margin = 40;
const gap = 18;
/** Room for a word below its tile. */
export const labelHeight = 38;
const tileArea = 42_000;
/** Of the photo, for any aspect ratio, in pixels. */
export const largestSide = 730;
/** The preferred aspect ratio (width / height). */
const preferredAspect = 1.45;

/**
 * Places everything on whole pixels.
 *
 * @param aspect the photo's width / height
 * @param headingHeight the caption's height for a given width, since wide pictures need fewer lines
 */
export function layOut(
  aspect: number,
  words: number,
  headingHeight: (width: number) => number,
): Layout {
  // Panoramas are shown entirely, but smaller, so that tiles keep a reasonable shape.
  const tileAspect = Math.min(3, Math.max(0.4, aspect));
  const tileWidth = Math.round(Math.sqrt(tileArea * tileAspect));
  const tileHeight = Math.round(tileWidth / tileAspect);
  const columns = chooseColumns(words, tileWidth, tileHeight);
  const rows = Math.max(2, Math.ceil((words + 4) / columns));
  const contentWidth = columns * tileWidth + (columns - 1) * gap;
  const top = margin + headingHeight(contentWidth);

  const left = (column: number) => margin + column * (tileWidth + gap);
  const topOf = (row: number) => top + row * (tileHeight + labelHeight + gap);
  const cells = Array.from({ length: rows * columns }, (_, cell) => ({
    row: Math.floor(cell / columns),
    column: cell % columns,
  })).filter(({ row, column }) => row > 1 || column > 1);
  const photoWidth = 2 * tileWidth + gap;
  const photoHeight = Math.round(photoWidth / tileAspect);
  return {
    width: contentWidth + 2 * margin,
    height: topOf(rows) - gap + margin - (labelHeight >> 1),
    heading: { left: margin, top: margin, width: contentWidth, height: top - margin },
    photo: fit(aspect, { left: margin, top, width: photoWidth, height: photoHeight }),
    legend: {
      left: margin,
      top: topOf(1) + tileHeight,
      width: photoWidth,
      height: labelHeight,
    },
    tiles: cells.slice(0, words).map(({ row, column }) =>
      fit(aspect, {
        left: left(column),
        top: topOf(row),
        width: tileWidth,
        height: tileHeight,
      }),
    ),
  };
}

/** Minimizes empty cells at the end, and the distance from the preferred aspect ratio. */
function chooseColumns(words: number, tileWidth: number, tileHeight: number): number {
  const cost = (columns: number) => {
    const rows = Math.max(2, Math.ceil((words + 4) / columns));
    const empty = rows * columns - words - 4;
    const width = columns * (tileWidth + gap);
    const height = rows * (tileHeight + labelHeight + gap);
    return empty / columns + 2 * Math.abs(Math.log(width / height / preferredAspect));
  };
  return [3, 4, 5, 6, 7, 8].reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

/** The largest box with an aspect ratio, centered in another box. */
function fit(aspect: number, box: Box): Box {
  const width = Math.max(1, Math.round(Math.min(box.width, box.height * aspect)));
  const height = Math.max(1, Math.round(Math.min(box.height, box.width / aspect)));
  return {
    left: box.left + Math.floor((box.width - width) / 2),
    top: box.top + Math.floor((box.height - height) / 2),
    width,
    height,
  };
}
