/** Tokens, without the end, and their log-probability with the end. */
interface Hypothesis {
  readonly ids: readonly number[];
  readonly score: number;
}

/** A reading; its confidence is the mean probability of a token (geometric), from 0 to 1. */
export interface Reading extends Hypothesis {
  readonly confidence: number;
}

/** What {@link beamSearch} searches in. */
export interface Search {
  /** Logits of the first token, `[vocabulary]`. */
  readonly first: Float32Array;
  /** Continues rows, each with a token. @returns logits `[rows, vocabulary]` */
  step(tokens: readonly number[], rows: readonly number[]): Promise<Float32Array>;
  /** Ends a hypothesis. */
  readonly end: number;
  /** Tokens from this one on are never chosen. */
  readonly choices: number;
  readonly suppressed: readonly number[];
  readonly suppressedFirst: readonly number[];
  readonly beamWidth: number;
  readonly maxTokens: number;
}

/**
 * The most probable readings by beam search, best first, at most `beamWidth`; they are compared by the log-probability of
 * a token, as Whisper compares them. A beam of 1 is a greedy search.
 */
export async function beamSearch(search: Search): Promise<Reading[]> {
  const { end, choices, beamWidth, maxTokens } = search;
  const finished: Hypothesis[] = [];
  const { suppressed: never, suppressedFirst } = search;
  let beam: Hypothesis[] = [{ ids: [], score: 0 }];
  let logits = search.first;
  for (let length = 0; length < maxTokens; length++) {
    const suppressed = length === 0 ? [...never, ...suppressedFirst] : never;
    const size = logits.length / beam.length;
    const candidates = beam.flatMap((hypothesis, row) => {
      const scores = logits.subarray(row * size, row * size + choices);
      return best(scores, suppressed, beamWidth + 1).map(({ id, logProbability }) => ({
        ...{ row, id, ids: hypothesis.ids, score: hypothesis.score + logProbability },
      }));
    });
    candidates.sort((a, b) => b.score - a.score);
    // Those that end count only if they are among the best.
    const next = [];
    for (const candidate of candidates) {
      if (next.length === beamWidth) break;
      if (candidate.id !== end) next.push(candidate);
      else finished.push({ ids: candidate.ids, score: candidate.score });
    }
    if (finished.length >= beamWidth) break;
    beam = next.map(({ ids, id, score }) => ({ ids: [...ids, id], score }));
    logits = await search.step(
      next.map(({ id }) => id),
      next.map(({ row }) => row),
    );
  }
  if (finished.length === 0) finished.push(...beam);
  const readings = finished.map(({ ids, score }) => {
    return { ids, score, confidence: Math.exp(score / (ids.length + 1)) };
  });
  return readings.sort((a, b) => b.confidence - a.confidence).slice(0, beamWidth);
}

/** The tokens with the highest log-probabilities, best first; the logits of suppressed ones are taken away. */
function best(
  logits: Float32Array,
  suppressed: readonly number[],
  count: number,
): { id: number; logProbability: number }[] {
  for (const id of suppressed) if (id < logits.length) logits[id] = Number.NEGATIVE_INFINITY;
  const top: { id: number; logit: number }[] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  // A loop over numbers: this runs 50,000 times for each token.
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? 0;
    if (logit <= lowest) continue;
    const at = top.findIndex((each) => each.logit < logit);
    top.splice(at === -1 ? top.length : at, 0, { id, logit });
    if (top.length > count) top.pop();
    if (top.length === count) lowest = top.at(-1)?.logit ?? lowest;
  }
  const highest = top[0]?.logit ?? 0;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp((logits[id] ?? 0) - highest);
  const logSum = highest + Math.log(sum);
  return top.map(({ id, logit }) => ({ id, logProbability: logit - logSum }));
}
