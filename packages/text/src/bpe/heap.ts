/** A priority queue, least item first (a binary heap). */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  /** @param compare below 0 if `a` comes first */
  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  push(item: Item): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#items[above] as Item;
      if (this.#compare(parent, item) <= 0) break;
      this.#items[at] = parent;
      at = above;
    }
    this.#items[at] = item;
  }

  /** Removes the least item; undefined if empty. */
  pop(): Item | undefined {
    const [least] = this.#items;
    const last = this.#items.pop();
    const { length } = this.#items;
    if (last === undefined || length === 0) return least;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) break;
      let child = this.#items[below] as Item;
      const other = this.#items[below + 1];
      if (other !== undefined && this.#compare(other, child) < 0)
        [below, child] = [below + 1, other];
      if (this.#compare(last, child) <= 0) break;
      this.#items[at] = child;
      at = below;
    }
    this.#items[at] = last;
    return least;
  }
}
