import { buffer, Module, type Parameter } from "@attend/nn";
import { tf } from "@attend/runtime";
import { VectorIndex } from "../vector-index.ts";
import { type FaqPair, wordingsOf } from "./pairs.ts";
import { confidenceFeatures, evidence } from "./ranking.ts";

/** The weights of a matcher: the vectors of its pairs, and how what speaks for a pair is weighed. */
export class MatcherNetwork extends Module {
  /** Of each wording. */
  readonly questions: VectorIndex;
  /** Of each wording with its answer. */
  readonly joined: VectorIndex;
  readonly answers: VectorIndex;
  /** Weights of the evidence for a pair. */
  readonly head: Parameter<tf.Rank.R1>;
  /** Weights of what makes the best pair's answer likely. */
  readonly calibration: Parameter<tf.Rank.R1>;

  constructor(pairs: readonly FaqPair[], dimension: number) {
    super();
    const wordings = wordingsOf(pairs).length;
    this.questions = new VectorIndex(wordings, dimension);
    this.joined = new VectorIndex(wordings, dimension);
    this.answers = new VectorIndex(pairs.length, dimension);
    this.head = buffer(tf.zeros<tf.Rank.R1>([evidence.length]));
    this.calibration = buffer(tf.zeros<tf.Rank.R1>([confidenceFeatures.length]));
  }
}

/** A network without weights, which are to be loaded; an engine must be loaded. */
export function createMatcherNetwork(
  { dimension }: { readonly dimension: number },
  pairs: readonly FaqPair[],
): MatcherNetwork {
  return new MatcherNetwork(pairs, dimension);
}
