import { tf } from "@attend/runtime";
import type { Decoder, DecoderState, Hypothesis, SpecialTokens } from "./decoder.ts";
import { badOption, checkCount, disposeReplaced, rowsOf, suppression } from "./state.ts";

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
 * stops when nothing under way can overtake its `beamWidth` finished ones. Width 1 without length
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
  const vocabulary = decoder.vocabularySize;
  const suppressed = suppression(vocabulary, [special.start, ...special.suppressed]);
  const first = decoder.start(encoding);
  let state = decoder.expand(first, width);
  disposeReplaced(first, state);
  const rows = rowsOf(state);
  const beams = Array.from({ length: rows / width }, () => new Beam(special, options));

  for (let length = 1; length <= options.maxLength && beams.some((beam) => !beam.done); length++) {
    const stepped = tf.tidy(() => {
      const tokens = tf.tensor1d(
        beams.flatMap((beam) => beam.lastTokens()),
        "int32",
      );
      const { logits, state: next, attention } = decoder.step(tokens, state);
      const scores = tf.tensor2d(
        beams.flatMap((beam) => beam.scores()),
        [rows, 1],
      );
      const total = tf.add(tf.log(tf.softmax(tf.add(logits, suppressed))), scores);
      // Twice the width: even if half of them end, `width` go on.
      const best = tf.topk(tf.reshape(total, [beams.length, width * vocabulary]), 2 * width);
      const wanted = options.attention ? attention : undefined;
      return { next, best, ...(wanted === undefined ? {} : { wanted }) };
    });
    const values = stepped.best.values.dataSync();
    const indices = stepped.best.indices.dataSync();
    const looked = stepped.wanted?.dataSync();
    const positions = stepped.wanted?.shape[1] ?? 0;
    const parents = beams.flatMap((beam, b) => {
      const candidates = Array.from({ length: 2 * width }, (_, rank) => {
        const flat = indices[b * 2 * width + rank] as number;
        return {
          beam: Math.floor(flat / vocabulary),
          token: flat % vocabulary,
          logProbability: values[b * 2 * width + rank] as number,
        };
      });
      const attentionOf = (index: number) => {
        const from = (b * width + index) * positions;
        return looked instanceof Float32Array ? looked.slice(from, from + positions) : undefined;
      };
      return beam.advance(candidates, attentionOf).map((parent) => b * width + parent);
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

interface Candidate {
  readonly beam: number;
  readonly token: number;
  readonly logProbability: number;
}

/** The search of one row. */
class Beam {
  readonly #special: SpecialTokens;
  readonly #options: BeamOptions;
  #alive: Path[];
  #finished: Hypothesis[] = [];

  constructor(special: SpecialTokens, options: BeamOptions) {
    this.#special = special;
    this.#options = options;
    const root = { parent: undefined, token: special.start, length: 0, attention: undefined };
    // Only one copy of the beginning counts, or the first step would find the same word many times.
    this.#alive = Array.from({ length: options.beamWidth }, (_, i) => ({
      ...root,
      logProbability: i === 0 ? 0 : Number.NEGATIVE_INFINITY,
    }));
  }

  get done(): boolean {
    if (this.#finished.length < this.#options.beamWidth) return false;
    // Log-probabilities only fall, so this is the most that a path under way can still reach.
    const bound = Math.max(
      ...this.#alive.map((path) => this.#score(path.logProbability, this.#options.maxLength)),
    );
    return bound <= (this.#finished.at(-1)?.score ?? Number.NEGATIVE_INFINITY);
  }

  lastTokens(): number[] {
    return this.#alive.map((path) => path.token);
  }

  scores(): number[] {
    return this.#alive.map((path) => path.logProbability);
  }

  /** Takes the step's candidates, best first; returns which path each of the next ones continues. */
  advance(
    candidates: readonly Candidate[],
    attentionOf: (beam: number) => Float32Array | undefined,
  ): number[] {
    const width = this.#options.beamWidth;
    const next: { path: Path; from: number }[] = [];
    candidates.forEach((candidate, rank) => {
      const parent = this.#alive[candidate.beam];
      if (parent === undefined) return;
      if (candidate.token === this.#special.end) {
        if (rank < width) this.#finish(parent, candidate.logProbability, true);
      } else if (next.length < width) {
        const path = {
          parent,
          token: candidate.token,
          length: parent.length + 1,
          logProbability: candidate.logProbability,
          attention: attentionOf(candidate.beam),
        };
        next.push({ path, from: candidate.beam });
      }
    });
    this.#alive = next.map(({ path }) => path);
    return next.map(({ from }) => from);
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
    if (logProbability === Number.NEGATIVE_INFINITY) return;
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
