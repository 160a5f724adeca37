/** Lets training run a few steps at a time. */
export class Gate {
  #left = 0;
  #open: (() => void) | undefined;
  #ends: number[] = [];
  #done: (() => void) | undefined;

  /** Milliseconds of each of `count` steps, after an extra one whose batch was already loaded. */
  async pass(count: number): Promise<number[]> {
    this.#left = count + 1;
    this.#ends = [];
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    this.#open?.();
    await done;
    return this.#ends.slice(1).map((end, i) => end - (this.#ends[i] ?? 0));
  }

  /** Awaited by the training before each step. */
  async wait<Batch>(batch: Batch): Promise<Batch> {
    if (this.#left === 0) {
      await new Promise<void>((resolve) => {
        this.#open = resolve;
      });
    }
    this.#left--;
    return batch;
  }

  stepped(): void {
    this.#ends.push(performance.now());
    if (this.#left === 0) this.#done?.();
  }
}
