/** What there was to choose from, by its features, and which was right. */
export interface Choice {
  readonly options: readonly (readonly number[])[];
  readonly right: number;
  /** What each option's score has besides, whatever the weights; default 0. */
  readonly offsets?: readonly number[];
}

/**
 * The weights that make the right options likeliest: conditional logistic regression (McFadden 1974), with the
 * probability of an option softmax(weights . features), and weights near to `prior` likelier than others. Few choices
 * move them a little, many as far as it takes. It is logistic regression if an option has the features 0.
 *
 * @param strength of the prior: the inverse of its variance
 */
export function fitChoices(
  choices: readonly Choice[],
  prior: readonly number[],
  strength: number,
): number[] {
  let weights = [...prior];
  let { loss, gradient, curvature } = measure(choices, weights, prior, strength);
  for (let iteration = 0; iteration < 50; iteration++) {
    const step = solve(curvature, gradient);
    let scale = 1;
    let next = measure(choices, moved(weights, step, scale), prior, strength);
    while (next.loss > loss && scale > 1e-6) {
      scale /= 2;
      next = measure(choices, moved(weights, step, scale), prior, strength);
    }
    if (!(next.loss < loss - 1e-9 * Math.abs(loss))) break;
    weights = moved(weights, step, scale);
    ({ loss, gradient, curvature } = next);
  }
  return weights;
}

/** The probability of a label, by logistic regression. */
export function logistic(features: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-dot(features, weights)));
}

/** A {@link Choice} between a label (`isRight`) and its absence, for {@link logistic}. */
export function labeled(features: readonly number[], isRight: boolean, offset = 0): Choice {
  const options = [features, features.map(() => 0)];
  return { options, right: isRight ? 0 : 1, offsets: [offset, 0] };
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

const moved = (weights: readonly number[], step: readonly number[], scale: number) =>
  weights.map((weight, i) => weight - scale * (step[i] ?? 0));

/** The negative log posterior, its gradient and its Hessian, which is positive definite. */
function measure(
  choices: readonly Choice[],
  weights: readonly number[],
  prior: readonly number[],
  strength: number,
) {
  const away = weights.map((weight, i) => weight - (prior[i] ?? 0));
  let loss = (strength / 2) * dot(away, away);
  const gradient = away.map((value) => strength * value);
  const curvature = weights.map((_, i) => weights.map((__, j) => (i === j ? strength : 0)));
  for (const { options, right, offsets = [] } of choices) {
    const scores = options.map((features, o) => dot(features, weights) + (offsets[o] ?? 0));
    const highest = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - highest));
    const total = shares.reduce((sum, share) => sum + share, 0);
    loss += Math.log(total) + highest - (scores[right] ?? 0);
    const mean = weights.map((_, i) =>
      options.reduce(
        (sum, features, o) => sum + ((shares[o] ?? 0) / total) * (features[i] ?? 0),
        0,
      ),
    );
    for (const [i, row] of curvature.entries()) {
      gradient[i] = (gradient[i] ?? 0) + (mean[i] ?? 0) - (options[right]?.[i] ?? 0);
      for (let j = 0; j < row.length; j++) {
        const spread = options.reduce((sum, features, o) => {
          const [di, dj] = [
            (features[i] ?? 0) - (mean[i] ?? 0),
            (features[j] ?? 0) - (mean[j] ?? 0),
          ];
          return sum + ((shares[o] ?? 0) / total) * di * dj;
        }, 0);
        row[j] = (row[j] ?? 0) + spread;
      }
    }
  }
  return { loss, gradient, curvature };
}

/** Gaussian elimination of a positive definite system. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  for (const [i, pivot] of rows.entries()) {
    const diagonal = pivot[i] ?? 1;
    for (let k = i; k < pivot.length; k++) pivot[k] = (pivot[k] ?? 0) / diagonal;
    for (const [r, row] of rows.entries()) {
      const factor = row[i] ?? 0;
      if (r === i || factor === 0) continue;
      for (let k = i; k < row.length; k++) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}
