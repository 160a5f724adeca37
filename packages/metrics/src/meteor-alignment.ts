import { stem } from "porter2";

/** A reference word matched with a candidate word, by position. */
export interface Match {
  readonly reference: number;
  readonly candidate: number;
  /** Whether the words are identical; otherwise only their stems are. */
  readonly exact: boolean;
}

/** The number of partial alignments kept at each word, as in METEOR 1.5. */
const beamSize = 40;

/** A partial alignment that covers the first words of the reference. */
interface Path {
  readonly exactMatches: number;
  /** Completed runs of adjacent matches. */
  readonly chunks: number;
  /** The sum of distances between the matched words' positions; breaks ties. */
  readonly distance: number;
  /** The candidate position that would extend the current run, if there is one. */
  readonly runEnd: number | undefined;
  readonly last: { readonly match: Match; readonly before: Path["last"] } | undefined;
}

/**
 * Matches words of a candidate and a reference one to one, maximizing exact matches, then
 * minimizing chunks, then distance. This is METEOR 1.5's beam search, including two quirks that
 * scores depend on: a stem match alone does not improve a path, and the distance of one option
 * is also charged to the paths tried after it.
 */
export function align(candidate: readonly string[], reference: readonly string[]): Match[] {
  const options = findMatches(candidate, reference);
  const fixed = findCertainMatches(options, candidate.length);
  const used = new Set(fixed.map((match) => match?.candidate));

  let paths: Path[] = [
    { exactMatches: 0, chunks: 0, distance: 0, runEnd: undefined, last: undefined },
  ];
  for (const [position, matches] of options.entries()) {
    const next: Path[] = [];
    for (const path of best(paths)) {
      const certain = fixed[position];
      if (certain) {
        next.push({ ...extend(path, certain), distance: path.distance + distanceOf(certain) });
        continue;
      }
      let distance = path.distance;
      for (const match of matches) {
        if (used.has(match.candidate) || uses(path, match.candidate)) continue;
        next.push({ ...extend(path, match), distance });
        distance += distanceOf(match);
      }
      next.push({ ...path, distance, chunks: closedChunks(path), runEnd: undefined });
    }
    paths = next;
  }
  const ended = best(paths).map((path) => ({ ...path, chunks: closedChunks(path) }));
  const matches: Match[] = [];
  for (let link = best(ended)[0]?.last; link; link = link.before) matches.push(link.match);
  return matches.reverse();
}

/** The number of runs of matches that are adjacent and in the same order in both sentences. */
export function countChunks(matches: readonly Match[]): number {
  return matches.filter((match, i) => {
    const before = matches[i - 1];
    return before?.reference !== match.reference - 1 || before.candidate !== match.candidate - 1;
  }).length;
}

/** The possible matches of each reference word, exact ones first. */
function findMatches(candidate: readonly string[], reference: readonly string[]): Match[][] {
  const identical =
    candidate.length === reference.length && candidate.every((word, i) => word === reference[i]);
  const stems = identical ? [] : candidate.map(stem);
  return reference.map((word, position) => {
    const exact: Match[] = [];
    const stemmed: Match[] = [];
    const wordStem = stem(word);
    for (const [i, other] of candidate.entries()) {
      const match = { reference: position, candidate: i };
      if (other === word) exact.push({ ...match, exact: true });
      else if (stems[i] === wordStem) stemmed.push({ ...match, exact: false });
    }
    return [...exact, ...stemmed];
  });
}

/** Matches whose two words match nothing else; they are part of every alignment. */
function findCertainMatches(options: readonly Match[][], candidateLength: number) {
  const choices = new Uint32Array(candidateLength);
  for (const match of options.flat()) choices[match.candidate]!++;
  return options.map(([match, ...others]) =>
    match && others.length === 0 && choices[match.candidate] === 1 ? match : undefined,
  );
}

function best(paths: readonly Path[]): Path[] {
  return paths
    .toSorted(
      (a, b) => b.exactMatches - a.exactMatches || a.chunks - b.chunks || a.distance - b.distance,
    )
    .slice(0, beamSize);
}

function extend(path: Path, match: Match): Path {
  const continues = path.runEnd === undefined || path.runEnd === match.candidate;
  return {
    exactMatches: path.exactMatches + (match.exact ? 1 : 0),
    chunks: path.chunks + (continues ? 0 : 1),
    distance: path.distance,
    runEnd: match.candidate + 1,
    last: { match, before: path.last },
  };
}

function closedChunks(path: Path): number {
  return path.chunks + (path.runEnd === undefined ? 0 : 1);
}

function uses(path: Path, candidate: number): boolean {
  for (let link = path.last; link; link = link.before) {
    if (link.match.candidate === candidate) return true;
  }
  return false;
}

function distanceOf(match: Match): number {
  return Math.abs(match.reference - match.candidate);
}
