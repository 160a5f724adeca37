import { AttendError } from "@attend/runtime/errors";
import type { RunEvent } from "@attend/training";
import { type SystemRecord, writeRecord } from "./record.ts";

/**
 * Adds up the time of training steps, without validation and checkpoints, in a record that is saved whenever
 * training can resume from there.
 */
export class StepClock {
  readonly #record: SystemRecord;
  readonly #folder: string;
  #seconds = 0;
  #last = performance.now();

  /** @param folder where to save the record */
  constructor(record: SystemRecord, folder: string) {
    this.#record = record;
    this.#folder = folder;
  }

  event(event: RunEvent): void {
    const record = this.#record;
    const now = performance.now();
    if (event.type === "start") {
      this.#resume(event.step);
      record.size = event.trainedParameters;
    } else if (event.type === "step") {
      this.#seconds += (now - this.#last) / 1000;
    } else if (event.type === "validation") {
      const { step, epoch, metrics } = event;
      const bleu = metrics["bleu"] ?? Number.NaN;
      record.validations.push({ step, epoch, seconds: this.#seconds, bleu });
      writeRecord(this.#folder, record);
    } else if (event.type === "checkpoint") {
      record.step = event.step;
      record.seconds = this.#seconds;
      writeRecord(this.#folder, record);
    }
    this.#last = performance.now();
  }

  /** Discards everything after the checkpoint, which is trained again. */
  #resume(step: number): void {
    const record = this.#record;
    record.validations = record.validations.filter((each) => each.step <= step);
    const known = [record, ...record.validations].filter((each) => each.step <= step);
    const nearest = known.reduce((a, b) => (b.step > a.step ? b : a), { step: 0, seconds: 0 });
    if (step > 0 && nearest.step === 0) {
      const message = `the training was started, but its times are lost; remove the folder ${this.#folder}`;
      throw new AttendError("BAD_DATA", message);
    }
    // The steps differ only if the process was killed between checkpoint and record: each missing one
    // is counted as the mean of the others.
    this.#seconds = step === 0 ? 0 : nearest.seconds * (step / nearest.step);
  }
}
