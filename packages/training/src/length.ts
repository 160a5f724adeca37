import type { TrainingConfig } from "./config.ts";
import type { TrainingState } from "./state.ts";

const never = Number.POSITIVE_INFINITY;

/** How long a training takes: until the first of its limits. */
export class TrainingLength {
  readonly #limits: Readonly<Record<"epochs" | "maxSteps" | "maxSeconds", number>>;
  readonly #batchesPerEpoch: number;
  readonly #batchesPerStep: number;

  constructor(
    { epochs = never, maxSteps = never, maxSeconds = never }: TrainingConfig,
    batchesPerEpoch: number,
    batchesPerStep: number,
  ) {
    this.#limits = { epochs, maxSteps, maxSeconds };
    this.#batchesPerEpoch = batchesPerEpoch;
    this.#batchesPerStep = batchesPerStep;
  }

  isComplete({ step, epoch, seconds }: TrainingState): boolean {
    const { epochs, maxSteps, maxSeconds } = this.#limits;
    return step >= maxSteps || epoch >= epochs || seconds >= maxSeconds;
  }

  /**
   * The total number of updates: an estimate if epochs differ in length or time is the limit. Those that are left are
   * counted from the state, because the ones before may have had another number of batches.
   */
  totalSteps({ step, epoch, batch, seconds }: TrainingState): number {
    const { epochs, maxSteps, maxSeconds } = this.#limits;
    const left = (epochs - epoch - 1) * this.#stepsFrom(0) + this.#stepsFrom(batch);
    const inTime = step === 0 ? never : Math.ceil((step * maxSeconds) / seconds);
    return Math.min(maxSteps, step + left, inTime);
  }

  /** The updates from a batch of an epoch to its end. */
  #stepsFrom(batch: number): number {
    return Math.ceil((this.#batchesPerEpoch - batch) / this.#batchesPerStep);
  }
}
