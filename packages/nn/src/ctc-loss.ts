import { AttendError, customGradient, isRecording, tf } from "@attend/runtime";

/** Options of {@link ctcLoss}. */
export interface CtcOptions {
  /** Number of steps of each sequence; later ones are ignored. Default: all. */
  readonly lengths?: readonly number[] | undefined;
  /** The class that stands for no label. Default: the last one. */
  readonly blank?: number | undefined;
}

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative logarithm of the probability that a sequence's
 * steps spell its labels, summed over every alignment, `[batch]`, in nats. An alignment has a class at each step, and spells
 * what is left when repetitions are merged and blanks taken away.
 *
 * @param logits `[batch, steps, classes]`
 * @param labels of each sequence, none of them blank; may be empty
 * @throws AttendError BAD_SHAPE unless there are labels (and a length) for each sequence; BAD_ARGUMENT for an invalid length,
 *   label or blank; BAD_DATA if a sequence has fewer steps than {@link ctcSteps} of its labels
 */
export function ctcLoss(
  logits: tf.Tensor3D,
  labels: readonly (readonly number[])[],
  { lengths, blank = logits.shape[2] - 1 }: CtcOptions = {},
): tf.Tensor1D {
  const [batch, steps, classes] = logits.shape;
  const rows = labels.map((each, row) => ({ labels: each, length: lengths?.[row] ?? steps }));
  check(rows, logits.shape, lengths, blank);
  const withGradient = isRecording();
  return customGradient<tf.Tensor1D>(
    [logits],
    () => {
      const values = logits.dataSync();
      const losses = new Float32Array(batch);
      const gradient = new Float32Array(withGradient ? values.length : 0);
      for (const [row, { labels: spelled, length }] of rows.entries()) {
        const from = row * steps * classes;
        const logs = logSoftmax(values, from, length, classes);
        const lattice = new Lattice(logs, classes, spelled, blank);
        losses[row] = -lattice.total;
        if (withGradient) lattice.addGradient(gradient.subarray(from));
      }
      return { value: tf.tensor1d(losses), saved: [tf.tensor(gradient)] };
    },
    (dy, saved) =>
      saved.map((each) => tf.mul(tf.reshape(each, logits.shape), tf.reshape(dy, [batch, 1, 1]))),
  );
}

/** The fewest steps that can spell labels: one each, and a blank between equal ones. */
export function ctcSteps(labels: readonly number[]): number {
  return labels.reduce((sum, label, i) => sum + (i > 0 && label === labels[i - 1] ? 2 : 1), 0);
}

/**
 * The alignments of one sequence, as paths through the labels with blanks between and around them (Graves et al. 2006,
 * section 4.1). All numbers are logarithms.
 */
class Lattice {
  readonly #logs: Float64Array;
  readonly #classes: number;
  readonly #steps: number;
  /** The class of each position: blank, label, blank, label, ..., blank. */
  readonly #positions: readonly number[];
  /** Whether a path may come from two positions before, which skips a blank. */
  readonly #skips: readonly boolean[];
  /** alpha: of the paths up to a step that end in a position, `[steps, positions]`. */
  readonly #before: Float64Array;
  /** Of all paths. */
  readonly total: number;

  /** @param logs log-probabilities `[steps, classes]` */
  constructor(logs: Float64Array, classes: number, labels: readonly number[], blank: number) {
    this.#logs = logs;
    this.#classes = classes;
    this.#steps = logs.length / classes;
    this.#positions = [...labels.flatMap((label) => [blank, label]), blank];
    this.#skips = this.#positions.map(
      (each, i) => i > 1 && each !== blank && each !== this.#positions[i - 2],
    );
    this.#before = this.#forwards();
    const last = this.#before.subarray((this.#steps - 1) * this.#positions.length);
    this.total = logSum(last.at(-1) ?? never, last.at(-2) ?? never);
  }

  #forwards(): Float64Array {
    const count = this.#positions.length;
    const alpha = new Float64Array(this.#steps * count).fill(never);
    for (let step = 0; step < this.#steps; step++) {
      const here = step * count;
      for (const [i, label] of this.#positions.entries()) {
        let sum = step === 0 ? (i < 2 ? 0 : never) : at(alpha, here - count + i);
        if (step > 0 && i > 0) sum = logSum(sum, at(alpha, here - count + i - 1));
        if (step > 0 && this.#skips[i]) sum = logSum(sum, at(alpha, here - count + i - 2));
        alpha[here + i] = sum + at(this.#logs, step * this.#classes + label);
      }
    }
    return alpha;
  }

  /** Adds the gradient of the loss by the logits, `softmax - occupancy` (equation 16), to `[steps, classes]`. */
  addGradient(gradient: Float32Array): void {
    const count = this.#positions.length;
    // beta without the step's own probability: of the paths from a position on, `[positions]`.
    let after: Float64Array = new Float64Array(count).fill(never);
    after.fill(0, Math.max(0, count - 2));
    for (let step = this.#steps - 1; step >= 0; step--) {
      const row = step * this.#classes;
      for (let k = 0; k < this.#classes; k++) gradient[row + k] = Math.exp(at(this.#logs, row + k));
      for (const [i, label] of this.#positions.entries()) {
        const path = at(this.#before, step * count + i) + at(after, i) - this.total;
        gradient[row + label] = at(gradient, row + label) - Math.exp(path);
      }
      after = this.#backwards(after, row);
    }
  }

  /** `after` of the step before that whose log-probabilities start at `row`. */
  #backwards(after: Float64Array, row: number): Float64Array {
    const through = this.#positions.map((label, i) => at(after, i) + at(this.#logs, row + label));
    return Float64Array.from(through, (sum, i) => {
      const next = logSum(sum, through[i + 1] ?? never);
      return this.#skips[i + 2] ? logSum(next, through[i + 2] ?? never) : next;
    });
  }
}

const never = Number.NEGATIVE_INFINITY;

function at(values: Float64Array | Float32Array, index: number): number {
  return values[index] ?? never;
}

function logSum(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  return low === never ? high : high + Math.log1p(Math.exp(low - high));
}

/** Log-probabilities of `steps` steps of `classes` logits from index `from` on, `[steps, classes]`. */
function logSoftmax(
  logits: ArrayLike<number>,
  from: number,
  steps: number,
  classes: number,
): Float64Array {
  const logs = new Float64Array(steps * classes);
  for (let row = 0; row < logs.length; row += classes) {
    let sum = never;
    for (let k = row; k < row + classes; k++) sum = logSum(sum, logits[from + k] ?? Number.NaN);
    for (let k = row; k < row + classes; k++) logs[k] = (logits[from + k] ?? Number.NaN) - sum;
  }
  return logs;
}

function check(
  rows: readonly { readonly labels: readonly number[]; readonly length: number }[],
  [batch, steps, classes]: readonly [number, number, number],
  lengths: readonly number[] | undefined,
  blank: number,
): void {
  const counts = lengths === undefined ? "" : ` and ${lengths.length} lengths`;
  if (rows.length !== batch || (lengths?.length ?? batch) !== batch) {
    const message = `labels of ${rows.length} sequences${counts} for a batch of ${batch}; give both for each sequence`;
    throw new AttendError("BAD_SHAPE", message);
  }
  const isClass = (each: number) => Number.isInteger(each) && each >= 0 && each < classes;
  if (!isClass(blank)) {
    const message = `blank is ${blank}; it must be a whole number from 0 to ${classes - 1}`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  for (const [row, { labels, length }] of rows.entries()) {
    if (!Number.isInteger(length) || length < 1 || length > steps) {
      const message = `length ${length} of sequence ${row}; lengths are whole numbers from 1 to ${steps} (the steps)`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    const wrong = labels.find((label) => !isClass(label) || label === blank);
    if (wrong !== undefined) {
      const message = `label ${wrong} of sequence ${row}; labels are whole numbers from 0 to ${classes - 1} and not the blank, ${blank}`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
    if (length < ctcSteps(labels)) {
      const message = `sequence ${row} has ${length} steps, but its labels need ${ctcSteps(labels)} (one each, and a blank between equal ones); pad it, or leave it out`;
      throw new AttendError("BAD_DATA", message);
    }
  }
}
