import { AttendError } from "@attend/runtime/errors";
import type { RunEvent } from "@attend/training";
import { type SystemRecord, writeRecord } from "./record.ts";

/**
 * Adds up what the steps of a training take, in a record that is saved whenever the training can be gone on with
 * from there. Neither validation nor the writing of checkpoints counts.
 */
export class StepClock {
  readonly #record: SystemRecord;
  readonly #folder: string;
  #seconds = 0;
  #last = performance.now();

  /** @param folder where the record is saved */
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

  /** Forgets what came after the checkpoint, which is trained again. */
  #resume(step: number): void {
    const record = this.#record;
    record.validations = record.validations.filter((each) => each.step <= step);
    const known = [record, ...record.validations].filter((each) => each.step <= step);
    const nearest = known.reduce((a, b) => (b.step > a.step ? b : a), { step: 0, seconds: 0 });
    if (step > 0 && nearest.step === 0) {
      const message = `the training was begun, but its times are lost; remove the folder ${this.#folder}`;
      throw new AttendError("BAD_DATA", message);
    }
    // They differ only where the process was killed between checkpoint and record: the mean of a step is
    // added for each one that is missing.
    this.#seconds = step === 0 ? 0 : nearest.seconds * (step / nearest.step);
  }
}
