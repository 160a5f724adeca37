import { tf } from "@attend/runtime";
import type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
import { badOption, checkCount, disposeReplaced, rowsIn, rowsOf, suppression } from "./state.ts";

export interface BeamOptions {
  readonly beamWidth: number;
  readonly maxLength: number;
  /** alpha of GNMT's length penalty, `((5 + length) / 6)^alpha` (Wu et al. 2016, eq. 14); 0 is none. */
  readonly lengthPenalty?: number;
  /** Keep for each token where the model looked. */
  readonly attention?: boolean;
}

/** A sequence under way, as a list that shares its beginnings. */
interface Path {
  readonly parent: Path | undefined;
  readonly token: number;
  readonly length: number;
  readonly logProbability: number;
  readonly attention: Float32Array | undefined;
}

/**
 * Beam search for each row of an encoding: at every step the `beamWidth` best beginnings go on. A row
 * stops when it has `beamWidth` finished ones and nothing under way can overtake the best. Width 1 without length
 * penalty is greedy search.
 *
 * @returns for each row its hypotheses, best first, at most `beamWidth`
 */
export function beamSearch<Encoding, State extends DecoderState>(
  decoder: Decoder<Encoding, State>,
  encoding: Encoding,
  special: SpecialTokens,
  options: BeamOptions,
): Hypothesis[][] {
  checkOptions(options);
  const width = options.beamWidth;
  const suppressed = suppression(decoder.vocabularySize, [special.start, ...special.suppressed]);
  const first = decoder.start(encoding);
  let state = decoder.expand(first, width);
  disposeReplaced(first, state);
  const rows = rowsOf(state);
  const beams = Array.from({ length: rows / width }, () => new Beam(special, options));

  for (let length = 1; length <= options.maxLength && beams.some((beam) => !beam.done); length++) {
    const stepped = tf.tidy(() => {
      const tokens = beams.flatMap((beam) => beam.lastTokens());
      const { logits, state: next, attention } = decoder.step(tf.tensor1d(tokens, "int32"), state);
      const probabilities = tf.softmax(tf.add<tf.Tensor2D>(logits, suppressed));
      // Twice the width: even if half of them end, `width` go on.
      const best = tf.topk(probabilities, Math.min(2 * width, decoder.vocabularySize));
      const wanted = options.attention ? attention : undefined;
      return { next, best, ...(wanted === undefined ? {} : { wanted }) };
    });
    const best = rowsIn(stepped.best.values);
    const tokens = rowsIn(stepped.best.indices);
    const looked = stepped.wanted && rowsIn(stepped.wanted);
    const parents = beams.flatMap((beam, b) => {
      const own = <T>(list: readonly T[]) => list.slice(b * width, (b + 1) * width);
      const from = beam.advance(own(tokens), own(best), looked && own(looked));
      return from.map((row) => b * width + row);
    });
    const reordered = tf.tidy(() => decoder.reorder(stepped.next, tf.tensor1d(parents, "int32")));
    disposeReplaced(stepped.next, reordered);
    disposeReplaced(state, reordered);
    tf.dispose([stepped.best, stepped.wanted ?? []]);
    state = reordered;
  }
  disposeReplaced(state, undefined);
  suppressed.dispose();
  return beams.map((beam) => beam.hypotheses());
}

function checkOptions({ beamWidth, maxLength, lengthPenalty = 0 }: BeamOptions): void {
  checkCount("beamWidth", beamWidth);
  checkCount("maxLength", maxLength);
  if (!(lengthPenalty >= 0 && lengthPenalty < Number.POSITIVE_INFINITY)) {
    throw badOption("lengthPenalty", lengthPenalty, "a number from 0 on");
  }
}

/** A path and how it could go on. */
interface Candidate {
  readonly row: number;
  readonly parent: Path;
  readonly token: number;
  readonly logProbability: number;
}

/** The search of one row of the encoding. */
class Beam {
  readonly #special: SpecialTokens;
  readonly #options: BeamOptions;
  /** At most `beamWidth`; the first step has one. */
  #alive: readonly Path[];
  #finished: Hypothesis[] = [];

  constructor(special: SpecialTokens, options: BeamOptions) {
    this.#special = special;
    this.#options = options;
    const { start: token } = special;
    this.#alive = [
      { parent: undefined, token, length: 0, logProbability: 0, attention: undefined },
    ];
  }

  get done(): boolean {
    if (this.#alive.length === 0) return true;
    if (this.#finished.length < this.#options.beamWidth) return false;
    // Log-probabilities only fall, so this is the most that a path under way can still reach.
    const bound = Math.max(
      ...this.#alive.map((path) => this.#score(path.logProbability, this.#options.maxLength)),
    );
    return bound <= (this.#finished[0]?.score ?? Number.NEGATIVE_INFINITY);
  }

  /** The last token of each of the `beamWidth` rows; those without a path say anything. */
  lastTokens(): number[] {
    return this.#perRow((row) => this.#alive[row]?.token ?? this.#special.start);
  }

  /**
   * Takes, for each of the `beamWidth` rows, the likeliest tokens with their probabilities and where
   * the model looked; returns which row each one continues.
   */
  advance(
    tokens: readonly ArrayLike<number>[],
    probabilities: readonly ArrayLike<number>[],
    attention: readonly Float32Array[] | undefined,
  ): number[] {
    const width = this.#options.beamWidth;
    const next: Candidate[] = [];
    this.#candidates(tokens, probabilities).forEach((candidate, rank) => {
      if (candidate.token !== this.#special.end) next.push(candidate);
      else if (rank < width) this.#finish(candidate.parent, candidate.logProbability, true);
    });
    const chosen = next.slice(0, width);
    this.#alive = chosen.map(({ row, parent, token, logProbability }) => {
      const length = parent.length + 1;
      return { parent, token, length, logProbability, attention: attention?.[row] };
    });
    return this.#perRow((row) => chosen[row]?.row ?? 0);
  }

  /** The best `2 * beamWidth` of all that can follow, best first. */
  #candidates(
    tokens: readonly ArrayLike<number>[],
    probabilities: readonly ArrayLike<number>[],
  ): Candidate[] {
    return this.#alive
      .flatMap((parent, row) =>
        Array.from(tokens[row] ?? [], (token, rank) => {
          const logProbability = parent.logProbability + Math.log(probabilities[row]?.[rank] ?? 0);
          return { row, parent, token, logProbability };
        }),
      )
      .filter(({ logProbability }) => logProbability > Number.NEGATIVE_INFINITY)
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, 2 * this.#options.beamWidth);
  }

  #perRow<T>(of: (row: number) => T): T[] {
    return Array.from({ length: this.#options.beamWidth }, (_, row) => of(row));
  }

  /** Best first. Paths that the maximal length cut off count only where too few have ended. */
  hypotheses(): Hypothesis[] {
    for (const path of this.#alive) {
      if (this.#finished.length >= this.#options.beamWidth) break;
      this.#finish(path, path.logProbability, false);
    }
    return this.#finished;
  }

  #finish(last: Path, logProbability: number, ended: boolean): void {
    const path: Path[] = [];
    for (let at: Path | undefined = last; at?.parent !== undefined; at = at.parent)
      path.unshift(at);
    const attention = path.flatMap((p) => p.attention ?? []);
    this.#finished.push({
      tokens: path.map((p) => p.token),
      logProbability,
      score: this.#score(logProbability, path.length + (ended ? 1 : 0)),
      ended,
      ...(this.#options.attention ? { attention } : {}),
    });
    this.#finished.sort((a, b) => b.score - a.score);
    this.#finished.length = Math.min(this.#finished.length, this.#options.beamWidth);
  }

  #score(logProbability: number, length: number): number {
    return logProbability / ((5 + length) / 6) ** (this.#options.lengthPenalty ?? 0);
  }
}
