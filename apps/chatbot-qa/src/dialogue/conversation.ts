import { forward } from "@attend/decoding";
import type { DialogueNetwork, Listener, Turn } from "@attend/dialogue";
import { type Random, tf } from "@attend/runtime";
import type { SpecialTokens } from "@attend/text";

/** A token of the latest turns, and its share of the attention. */
export interface Attended {
  readonly token: number;
  readonly weight: number;
}

/** A conversation as a network remembers it, with the tokens of its turns. */
export class Conversation {
  readonly listener: Listener;
  readonly random: Random;
  /** What was said, by both. */
  readonly turns: Turn[] = [];
  readonly #network: DialogueNetwork;
  readonly #special: SpecialTokens;

  constructor(network: DialogueNetwork, special: SpecialTokens, random: Random) {
    this.#network = network;
    this.#special = special;
    this.random = random;
    this.listener = network.listen();
  }

  hear(turn: Turn): void {
    this.listener.hear(turn);
    this.turns.push(turn);
  }

  /**
   * How likely the network finds a reply that it has not said yet, as the geometric mean of its tokens' probabilities, and
   * what it attends to, on average.
   */
  judge(reply: Turn): { confidence: number; attention: Attended[] } {
    const { start, end } = this.#special;
    const { dialogue } = this.#network;
    const heard = this.turns.slice(-dialogue.turns).flatMap((turn) => [...turn, end]);
    return tf.tidy(() => {
      const inputs = tf.tensor2d([[start, ...reply]], undefined, "int32");
      const state = this.#network.start(this.listener.encoding());
      const { logits, attention } = forward(this.#network, inputs, state);
      const expected = tf.oneHot(
        tf.tensor1d([...reply, end], "int32"),
        this.#network.vocabularySize,
      );
      const logProbabilities = tf.sum(tf.mul(tf.logSoftmax(tf.squeeze(logits, [0])), expected), 1);
      const [mean = Number.NEGATIVE_INFINITY] = tf.mean(logProbabilities).dataSync();
      const weights = attention ? [...tf.mean(tf.squeeze(attention, [0]), 0).dataSync()] : [];
      const attended = weights.map((weight, position) => ({
        token: heard[position] ?? end,
        weight,
      }));
      return {
        confidence: Math.exp(mean),
        attention: attended.filter(({ token }) => token !== end),
      };
    });
  }

  dispose(): void {
    this.listener.dispose();
  }
}
