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
  /** The scale of colors, below the photo. */
  readonly legend: Box;
  /** One for each word, in rows around the photo; the word stands below its tile. */
  readonly tiles: readonly Box[];
}

export const margin = 40;
const gap = 18;
/** Room for a word below its tile. */
export const labelHeight = 38;
const tileArea = 42_000;
/** Of the photo, at whatever aspect, in pixels. */
export const largestSide = 730;
/** What a picture looks best at, width by height. */
const pleasingAspect = 1.45;

/**
 * Places everything on whole pixels.
 *
 * @param aspect width by height of the photo
 * @param headingHeight of the caption for a given width, because wide pictures take fewer lines
 */
export function layOut(
  aspect: number,
  words: number,
  headingHeight: (width: number) => number,
): Layout {
  // Very long photos are shown whole, but smaller, so that tiles keep a decent shape.
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

/** Few empty places at the end, and a pleasing shape. */
function chooseColumns(words: number, tileWidth: number, tileHeight: number): number {
  const badness = (columns: number) => {
    const rows = Math.max(2, Math.ceil((words + 4) / columns));
    const empty = rows * columns - words - 4;
    const width = columns * (tileWidth + gap);
    const height = rows * (tileHeight + labelHeight + gap);
    return empty / columns + 2 * Math.abs(Math.log(width / height / pleasingAspect));
  };
  return [3, 4, 5, 6, 7, 8].reduce((a, b) => (badness(b) < badness(a) ? b : a));
}

/** The largest box of an aspect in another, in its middle. */
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
