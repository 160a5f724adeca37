import type { Tokenizer } from "@attend/text";
import type { ValidationExample } from "@attend/training";
import { findUnknown } from "./dataset.ts";
import { generate } from "./generate.ts";
import type { LanguageNetwork } from "./network.ts";

const count = 3;
/** Of what is read, and of what is written. */
const maxCharacters = 80;

/**
 * Continues a few evenly distributed pieces of a text, for comparison with how it goes on itself. Those with unknown
 * characters are left out.
 *
 * @throws AttendError INTERRUPTED if `options.signal` is aborted
 */
export async function continuations(
  network: LanguageNetwork,
  tokenizer: Tokenizer,
  text: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ValidationExample[]> {
  const length = Math.min(maxCharacters, Math.floor(text.length / 2));
  const examples: ValidationExample[] = [];
  for (let i = 0; i < count && length > 0; i++) {
    const middle = length + Math.floor((i * (text.length - 2 * length)) / count);
    const input = text.slice(middle - length, middle);
    if (findUnknown(tokenizer, input) !== undefined) continue;
    let output = "";
    for await (const piece of generate(network, tokenizer, { prompt: input, length, ...options })) {
      output += piece;
    }
    examples.push({ input, expected: text.slice(middle, middle + length), output });
  }
  return examples;
}
