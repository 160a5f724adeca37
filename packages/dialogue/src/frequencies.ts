import { tf } from "@attend/runtime";
import type { DialogueNetwork } from "./dialogue-network.ts";
import type { Turn } from "./turns.ts";

/**
 * Lets a new network expect each token as often as people say it, by the biases of its output. Otherwise its first hundreds
 * of steps learn just that, with units that nothing else can use afterwards.
 *
 * @param conversations as tokens, of which the first turns, which nobody says in reply, do not count
 */
export function expectFrequencies(
  network: DialogueNetwork,
  conversations: readonly (readonly Turn[])[],
): void {
  const { vocabularySize, dialogue, words } = network;
  const counts = new Float32Array(vocabularySize).fill(1);
  const count = (token: number) => {
    counts[token] = (counts[token] ?? 0) + 1;
  };
  for (const turn of conversations.flatMap((turns) => turns.slice(1))) {
    turn.forEach(count);
    count(dialogue.end);
  }
  const total = counts.reduce((sum, each) => sum + each, 0);
  const bias = words.output?.bias ?? words.outputBias;
  tf.tidy(() => bias?.assign(tf.tensor1d(counts.map((each) => Math.log(each / total)))));
}
