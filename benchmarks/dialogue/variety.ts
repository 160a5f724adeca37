import type { ReplyOptions, Turn } from "@attend/dialogue";
import { distinctNgrams } from "@attend/metrics";
import { createRandom } from "@attend/runtime";
import { tokenize } from "@attend/text";
import { type DialogueModel, speak } from "../../apps/chatbot-qa/src/dialogue/speak.ts";

/** How replies are chosen, besides what the model's config says. */
export const manners = {
  greedy: () => ({ noRepeatNgram: 0, mutualInformation: { weight: 0 } }),
  sampled: () => ({ random: createRandom(1), mutualInformation: { weight: 0 } }),
  "sampled, MMI": () => ({ random: createRandom(1) }),
} as const satisfies Readonly<Record<string, () => Omit<ReplyOptions, "special">>>;

/**
 * distinct-1 and distinct-2 (Li et al. 2016) of the words of the replies to all but the last turn of each conversation,
 * for each of the {@link manners}.
 */
export async function varietyOf(
  model: DialogueModel,
  conversations: readonly (readonly Turn[])[],
): Promise<string[]> {
  const { network, tokens } = model;
  const varieties: string[] = [];
  for (const manner of Object.values(manners)) {
    const options = manner();
    const replies: string[][] = [];
    for (const turns of conversations) {
      const listener = network.listen();
      for (const turn of turns.slice(0, -1)) listener.hear(turn);
      const said: number[] = [];
      for await (const { token } of speak(model, listener, options)) said.push(token);
      listener.dispose();
      replies.push(tokenize(tokens.decode(said)));
    }
    const [one, two] = [1, 2].map((size) => distinctNgrams(replies, size).toFixed(3));
    varieties.push(`${one}, ${two}`);
  }
  return varieties;
}
