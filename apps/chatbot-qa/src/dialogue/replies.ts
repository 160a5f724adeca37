import type { Conversation } from "@attend/datasets";
import { shownExamples, type ValidationExample } from "@attend/training";
import { type DialogueModel, speak } from "./speak.ts";

/**
 * Replies to all but the last turn of as many conversations as a log shows, for comparison with that turn.
 *
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function replies(
  model: DialogueModel,
  conversations: readonly Conversation[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ValidationExample[]> {
  const { network, tokens, config } = model;
  const examples: ValidationExample[] = [];
  for (const turns of conversations.slice(0, shownExamples)) {
    const listener = network.listen();
    try {
      for (const turn of turns.slice(0, -1)) {
        listener.hear(tokens.encode(turn).slice(0, config.maxTokens));
      }
      let output = "";
      for await (const { text } of speak(model, listener, options)) output += text;
      examples.push({ input: turns.at(-2) ?? "", expected: turns.at(-1) ?? "", output });
    } finally {
      listener.dispose();
    }
  }
  return examples;
}
