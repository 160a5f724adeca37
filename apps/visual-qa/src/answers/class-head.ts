import { normalizeAnswer } from "@attend/metrics";
import { crossEntropy, softCrossEntropy } from "@attend/nn";
import { type Random, tf } from "@attend/runtime";
import { AnswerClasses, binaryCrossEntropy } from "@attend/vqa-fusion";
import { answerOf, type Target } from "../dataset.ts";
import type { AnswerHead, BatchTargets, Candidates } from "./answer-head.ts";

/** Chooses among the most common answers: one by softmax, or each by itself by sigmoid (Teney et al. 2018). */
export class ClassHead extends AnswerClasses implements AnswerHead {
  readonly #answers: readonly string[];
  readonly #classOf: ReadonlyMap<string, number>;
  readonly #isSoftmax: boolean;

  /** @param size of the joint vector */
  constructor(
    size: number,
    answers: readonly string[],
    { loss, dropout }: { loss: "softmax" | "several"; dropout: number },
    random: Random | undefined,
  ) {
    super(size, answers.length, { dropout }, random);
    this.#answers = answers;
    this.#classOf = new Map(answers.map((answer, index) => [answer, index]));
    this.#isSoftmax = loss === "softmax";
  }

  /**
   * The most common answer; or the share of an answer that n of N people gave, as VQA scores it: n of 3, or of N if
   * they are fewer. The shares of a softmax add up to 1.
   */
  targetOf(given: readonly string[], { soft }: { soft: boolean }): Target | undefined {
    if (this.#isSoftmax && !soft) {
      const id = this.#classOf.get(answerOf({ answers: given }));
      return id === undefined ? undefined : { ids: [id], shares: [1] };
    }
    const enough = Math.min(3, given.length);
    const people = new Map<number, number>();
    for (const answer of given) {
      const id = this.#classOf.get(normalizeAnswer(answer));
      if (id !== undefined) people.set(id, (people.get(id) ?? 0) + 1);
    }
    if (people.size === 0) return undefined;
    const shares = [...people.values()].map((count) => Math.min(count / enough, 1));
    const sum = this.#isSoftmax ? shares.reduce((total, share) => total + share, 0) : 1;
    return { ids: [...people.keys()], shares: shares.map((share) => share / sum) };
  }

  load(targets: readonly Target[]): BatchTargets {
    const isSingle = this.#isSoftmax && targets.every(({ ids }) => ids.length === 1);
    const { lossOf, dispose } = isSingle ? singleTargets(targets) : this.#sharedTargets(targets);
    return {
      loss: (joint, _, random) => tf.mean<tf.Scalar>(lossOf(this.logits(joint, { random }))),
      items: targets.length,
      dispose,
    };
  }

  #sharedTargets(targets: readonly Target[]) {
    const classes = this.#answers.length;
    const values = new Float32Array(targets.length * classes);
    for (const [row, { ids, shares }] of targets.entries()) {
      for (const [i, id] of ids.entries()) values[row * classes + id] = shares[i] ?? 0;
    }
    const shares = tf.tensor2d(values, [targets.length, classes]);
    const loss = this.#isSoftmax ? softCrossEntropy : binaryCrossEntropy;
    return {
      lossOf: (logits: tf.Tensor2D) => loss(logits, shares),
      dispose: () => shares.dispose(),
    };
  }

  /** All classes, in their order. */
  answer(joint: tf.Tensor2D): Candidates[] {
    const logits = this.logits(joint);
    const values = logits.dataSync<"float32">();
    logits.dispose();
    const classes = this.#answers.length;
    return Array.from({ length: joint.shape[0] }, (_, row) => {
      return {
        answers: this.#answers,
        logits: values.slice(row * classes, (row + 1) * classes),
      };
    });
  }
}

function singleTargets(targets: readonly Target[]) {
  const labels = tf.tensor1d(
    targets.flatMap(({ ids }) => ids),
    "int32",
  );
  return {
    lossOf: (logits: tf.Tensor2D) => crossEntropy(logits, labels),
    dispose: () => labels.dispose(),
  };
}
