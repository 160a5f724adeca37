import { type SplitBySourceOptions, splitBySource } from "../parallel/split-by-source.ts";
import type { Conversation } from "./read-conversations.ts";

/**
 * Splits whole conversations: one that occurs several times, in whatever case, is on one side with all its copies. The seed
 * determines which; both lists keep the order.
 *
 * @throws AttendError BAD_ARGUMENT if `heldOut` is out of range: either side gets at least one conversation
 */
export function splitConversations(
  conversations: readonly Conversation[],
  options: Pick<SplitBySourceOptions, "heldOut" | "seed">,
): { train: Conversation[]; heldOut: Conversation[] } {
  const whole = conversations.map((turns) => ({ turns, source: turns.join("\t") }));
  const { train, heldOut } = splitBySource(whole, options);
  return { train: train.map(({ turns }) => turns), heldOut: heldOut.map(({ turns }) => turns) };
}
