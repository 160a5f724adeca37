import { HttpError } from "../http-error.ts";
import type { Waiting } from "./request.ts";

/** Requests that wait for an engine process, the oldest first. */
export class Queue {
  readonly #limit: number;
  #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** The oldest. */
  get first(): Waiting | undefined {
    return this.#waiting[0];
  }

  /**
   * @param retryAfter seconds until there may be room again
   * @throws HttpError 429 if it is full
   */
  add(waiting: Waiting, retryAfter: number): void {
    if (this.#waiting.length >= this.#limit) {
      const message = `${this.#limit} requests are waiting already; send it again in ${retryAfter} s`;
      throw new HttpError(429, "QUEUE_FULL", message, { retryAfter });
    }
    this.#waiting.push(waiting);
  }

  remove(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
  }

  /** Takes out the oldest, and those that go together with it. */
  takeBatch(maxSize: number): Waiting[] {
    const group = this.first?.group;
    const batch = this.#waiting.filter((each) => each.group === group).slice(0, maxSize);
    this.#waiting = this.#waiting.filter((each) => !batch.includes(each));
    return batch;
  }
}
