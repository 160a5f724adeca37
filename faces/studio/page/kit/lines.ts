/** A curve in an SVG over the frame, and how strong it is, from 0 to 1. */
export interface Line {
  readonly path: string;
  readonly strength: number;
}

/** Below this, a line would only be clutter. */
const least = 0.03;

/** Curves from one word to the others, whichever row is above. */
export function linesBetween(
  frame: Element,
  from: Element | undefined,
  others: readonly Element[],
  strengths: readonly number[],
): Line[] {
  if (from === undefined) return [];
  const ground = frame.getBoundingClientRect();
  const start = from.getBoundingClientRect();
  return others.flatMap((other, i) => {
    const strength = strengths[i] ?? 0;
    if (strength < least) return [];
    const end = other.getBoundingClientRect();
    const down = end.top > start.top;
    const [x0, x1] = [start, end].map(({ left, width }) => left + width / 2 - ground.left);
    const y0 = (down ? start.bottom : start.top) - ground.top;
    const y1 = (down ? end.top : end.bottom) - ground.top;
    const middle = (y0 + y1) / 2;
    return [{ path: `M${x0} ${y0}C${x0} ${middle} ${x1} ${middle} ${x1} ${y1}`, strength }];
  });
}
