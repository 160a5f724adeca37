import type { Random } from "@attend/runtime";

/**
 * Groups of like vectors: split in halves by random directions again and again (Dasgupta & Freund 2008, 'Random projection
 * trees'), until no group has more than `size`.
 *
 * @returns indices of `vectors`
 */
export function groupsOfNeighbors(
  vectors: readonly Float32Array[],
  size: number,
  random: Random,
): number[][] {
  const split = (members: number[]): number[][] => {
    if (members.length <= size) return [members];
    // The difference of two members: a direction in which this group varies.
    const [a, b] = [0, 1].map(() => vectors[members[random.integer(members.length)] ?? 0]);
    const along = (member: number) => {
      const vector = vectors[member];
      let sum = 0;
      for (let k = 0; k < (vector?.length ?? 0); k++) {
        sum += (vector?.[k] ?? 0) * ((a?.[k] ?? 0) - (b?.[k] ?? 0));
      }
      return sum;
    };
    const places = new Map(members.map((member) => [member, along(member)]));
    const sorted = members.toSorted((x, y) => (places.get(x) ?? 0) - (places.get(y) ?? 0));
    const middle = sorted.length >> 1;
    return [...split(sorted.slice(0, middle)), ...split(sorted.slice(middle))];
  };
  return split([...vectors.keys()]);
}
