/** Where a recording is in an utterance, in frames. */
export interface Place {
  readonly start: number;
  readonly frames: number;
}

/** Of {@link flatAlignment}. */
export interface FlatAlignmentOptions {
  /** Steps of the utterance. */
  readonly steps: number;
  readonly framesPerStep: number;
  /** The class of the pauses. */
  readonly blank: number;
}

/**
 * A class for each step: the labels of each recording share its steps evenly, and pauses have the blank. A network that
 * first learns such a flat start (as hidden Markov models do: Young et al., The HTK Book, section 3.2) soon tells labels
 * apart, while with alignments of its own choice it learns nothing else than when to say anything for a long time.
 *
 * @param labels of each recording
 * @param places of each recording
 */
export function flatAlignment(
  labels: readonly (readonly number[])[],
  places: readonly Place[],
  { steps, framesPerStep, blank }: FlatAlignmentOptions,
): number[] {
  const classes = new Array<number>(steps).fill(blank);
  for (const [i, { start, frames }] of places.entries()) {
    const [first, last] = [start, start + frames].map((frame) => Math.round(frame / framesPerStep));
    const [from, to] = [first ?? 0, Math.min(last ?? 0, steps)];
    const spoken = labels[i] ?? [];
    for (let step = from; step < to && spoken.length > 0; step++) {
      classes[step] = spoken[Math.floor(((step - from) * spoken.length) / (to - from))] ?? blank;
    }
  }
  return classes;
}
