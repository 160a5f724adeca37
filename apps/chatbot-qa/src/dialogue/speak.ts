import { type Listener, type ReplyOptions, reply } from "@attend/dialogue";
import type { Tokenizer } from "@attend/text";
import { type dialogueModels, framed } from "./model.ts";

/** A loaded model that converses. */
export type DialogueModel = Awaited<ReturnType<typeof dialogueModels.load>>;

/**
 * Makes up a reply to what a listener heard, in the manner of the model's config, and yields each token with the text that
 * is certain with it.
 *
 * @param options override that manner
 * @throws AttendError like `reply` of `@attend/dialogue`
 */
export async function* speak(
  { network, tokens, config }: DialogueModel,
  listener: Listener,
  options: Omit<ReplyOptions, "special" | "suppressed">,
): AsyncGenerator<{ readonly token: number; readonly text: string }, void> {
  const { mutualInformation: weight, never, temperature, topP, topK, minLength } = config.reply;
  const decoder = tokens.decoder();
  const unspeakable = unspeakableTokens(tokens, never);
  let said = "";
  const replying = reply(network, listener, {
    ...{ temperature, topP, topK, minLength, maxLength: config.maxTokens, special: framed(tokens) },
    ...(weight !== undefined && { mutualInformation: { weight } }),
    ...options,
    suppressed: () => [...decoder.suppressed, ...unspeakable(said)],
  });
  for await (const token of replying) {
    const text = decoder.push(token);
    said += text;
    yield { token, text };
  }
}

/** The tokens that would complete one of the beginnings of words after a text: many tokens spell the same word. */
export function unspeakableTokens(
  tokens: Tokenizer,
  words: readonly string[],
): (said: string) => number[] {
  if (words.length === 0) return () => [];
  const texts = Array.from({ length: tokens.size }, (_, id) => tokens.token(id));
  const pattern = new RegExp(`(?<!\\p{L})(?:${words.join("|")})`, "iu");
  const longest = Math.max(...words.map(({ length }) => length));
  return (said) => {
    const last = said.slice(-longest);
    return [...texts.keys()].filter((id) => pattern.test(last + texts[id]));
  };
}
