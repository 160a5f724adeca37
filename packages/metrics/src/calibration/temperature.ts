import { AttendError } from "@attend/runtime/errors";

/** Where the search ends if no temperature is best: all answers are right, or worse than chance. */
const range = { lowest: 0.01, highest: 100 };
const precision = 1e-12;

/**
 * The temperature by which logits are divided before the softmax so that the labels are likeliest
 * (Guo et al., 'On Calibration of Modern Neural Networks', 2017, section 4.2: temperature scaling).
 * It changes probabilities, but not which class is the likeliest. The negative log-likelihood is
 * convex in 1 / temperature; Newton's method, with bisection where it is slow, finds its minimum.
 *
 * @param logits of each answer, `[answers][classes]`; of data that the model was not trained on.
 * @param labels the right class of each answer.
 * @returns 0.01 to 100; above 1 if the model is too confident.
 * @throws AttendError BAD_DATA if there are no answers, the numbers of logits and labels differ, a
 * label is no class, or a logit is not finite.
 */
export function fitTemperature(
  logits: readonly ArrayLike<number>[],
  labels: readonly number[],
): number {
  checkLogits(logits, labels);
  let low = 1 / range.highest;
  let high = 1 / range.lowest;
  let inverse = 1;
  let lastStep = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < 100; iteration++) {
    const { slope, curvature } = derivatives(logits, labels, inverse);
    const step = slope / curvature;
    if (slope === 0 || Math.abs(step) < precision * inverse) break;
    if (slope > 0) high = inverse;
    else low = inverse;
    if (high - low < precision * high) break;
    // Far from the minimum, Newton's steps may be small and many.
    const isFast = Math.abs(step) < lastStep / 2;
    const newton = inverse - step;
    inverse = isFast && newton > low && newton < high ? newton : Math.sqrt(low * high);
    lastStep = isFast ? Math.abs(step) : Number.POSITIVE_INFINITY;
  }
  return 1 / inverse;
}

/** Of the negative log-likelihood by 1 / temperature: the first two derivatives, summed. */
function derivatives(
  logits: readonly ArrayLike<number>[],
  labels: readonly number[],
  inverse: number,
): { slope: number; curvature: number } {
  let slope = 0;
  let curvature = 0;
  for (const [answer, row] of logits.entries()) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < row.length; i++) highest = Math.max(highest, row[i]!);
    let total = 0;
    let first = 0;
    let second = 0;
    for (let i = 0; i < row.length; i++) {
      const logit = row[i]! - highest;
      const weight = Math.exp(inverse * logit);
      total += weight;
      first += weight * logit;
      second += weight * logit * logit;
    }
    const mean = first / total;
    slope += mean - (row[labels[answer]!]! - highest);
    curvature += second / total - mean * mean;
  }
  return { slope, curvature };
}

function checkLogits(logits: readonly ArrayLike<number>[], labels: readonly number[]): void {
  if (logits.length === 0 || logits.length !== labels.length) {
    throw new AttendError(
      "BAD_DATA",
      `logits of ${logits.length} answers and ${labels.length} labels were given; pass both for each of at least one answer`,
    );
  }
  for (const [answer, row] of logits.entries()) {
    const label = labels[answer]!;
    if (!(Number.isInteger(label) && label >= 0 && label < row.length)) {
      throw new AttendError(
        "BAD_DATA",
        `label ${label} of answer ${answer} (counted from 0) is none of its ${row.length} classes; leave out answers that are no class`,
      );
    }
    if (!Array.prototype.every.call(row, Number.isFinite)) {
      throw new AttendError(
        "BAD_DATA",
        `a logit of answer ${answer} (counted from 0) is not finite; leave the class or answer out`,
      );
    }
  }
}
