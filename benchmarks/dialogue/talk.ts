import {
  type DialogueNetwork,
  type Listener,
  type ReplyOptions,
  reply,
  type Turn,
} from "@attend/dialogue";
import { distinctNgrams } from "@attend/metrics";
import { createRandom } from "@attend/runtime";
import { tokenize } from "@attend/text";
import type { DialogueData } from "./data.ts";

/** How replies are chosen. */
export const manners = {
  greedy: { noRepeatNgram: 0, mutualInformation: { weight: 0 } },
  sampled: { random: createRandom(1), mutualInformation: { weight: 0 } },
  "sampled, MMI": { random: createRandom(1) },
} as const satisfies Readonly<Record<string, Omit<ReplyOptions, "special">>>;

/** distinct-1 and distinct-2 of the words of the replies to what others said. */
export async function varietyOf(
  network: DialogueNetwork,
  { tokenizer, special }: DialogueData,
  histories: readonly (readonly Turn[])[],
  manner: Omit<ReplyOptions, "special">,
): Promise<readonly [number, number]> {
  const replies: string[][] = [];
  for (const history of histories) {
    const listener = network.listen();
    for (const turn of history) listener.hear(turn);
    const tokens = await replyOf(network, listener, { ...manner, special });
    listener.dispose();
    replies.push(tokenize(tokenizer.decode(tokens)));
  }
  return [distinctNgrams(replies, 1), distinctNgrams(replies, 2)];
}

/** What a network says in reply to an opening, and then to itself, as two people who each do not repeat themselves. */
export async function talk(
  network: DialogueNetwork,
  { tokenizer, special }: DialogueData,
  opening: Turn,
  { turns, seed }: { readonly turns: number; readonly seed: number },
): Promise<string[]> {
  const random = createRandom(seed);
  const listener = network.listen();
  const said: Turn[] = [opening];
  listener.hear(opening);
  while (said.length < turns) {
    const own = said.filter((_, index) => index % 2 === said.length % 2);
    const tokens = await replyOf(network, listener, { special, random, said: own });
    listener.hear(tokens);
    said.push(tokens);
  }
  listener.dispose();
  return said.map((turn) => tokenizer.decode(turn));
}

async function replyOf(
  network: DialogueNetwork,
  listener: Listener,
  options: ReplyOptions,
): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of reply(network, listener, options)) tokens.push(token);
  return tokens;
}
