/** Whole numbers one after the other; takes a quarter of the memory of an array of numbers. */
export class GrowingInt32 {
  #values = new Int32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  view(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}
