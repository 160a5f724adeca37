/**
 * The indices of the highest scores, in descending order, the first of equal ones first; none of a score of -Infinity.
 * It takes one pass, many times less than sorting all.
 *
 * @param count at most so many
 */
export function highest(scores: ArrayLike<number>, count: number): number[] {
  const found: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? least;
    if (score <= least) continue;
    let place = found.length;
    while (place > 0 && score > (scores[found[place - 1] ?? i] ?? score)) place--;
    found.splice(place, 0, i);
    if (found.length > count) found.pop();
    if (found.length === count) least = scores[found.at(-1) ?? i] ?? least;
  }
  return found;
}
