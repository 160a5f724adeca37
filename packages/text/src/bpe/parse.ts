import { AttendError, messageOf } from "@attend/runtime/errors";
import { z } from "zod";
import { Bpe, byteTokens } from "./bpe.ts";
import { maxSize, maxSpecial, maxTokenLength } from "./limits.ts";
import { isWellFormed } from "./utf8.ts";
import { normalizations } from "./words.ts";

const text = z.string().min(1);

const bpeSchema = z.strictObject({
  normalization: z.enum(normalizations),
  special: z.array(text.max(maxTokenLength)).max(maxSpecial),
  // A character has up to two code units.
  tokens: z.array(text.max(2 * maxTokenLength)).max(maxSize - byteTokens - maxSpecial),
});

/**
 * Reads what `Bpe.toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA where the shape is wrong, a token occurs twice, or one could never be
 *   used
 */
export function parseBpe(json: unknown, source = "the vocabulary"): Bpe {
  const fail = (fault: string): never => {
    throw new AttendError("BAD_DATA", `${source}: ${fault}`);
  };
  const parsed = bpeSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.length ? issue.path.join(".") : "the top";
    return fail(
      `a vocabulary of subwords is { "normalization": "none", "special": [], "tokens": ["a", ...] }, but at ${place}: ${issue?.message}`,
    );
  }
  const { special, tokens } = parsed.data;
  for (const list of [special, tokens]) {
    const seen = new Set<string>();
    for (const token of list) {
      if (seen.has(token)) return fail(`the token ${JSON.stringify(token)} stands there twice`);
      seen.add(token);
    }
  }
  const broken = tokens.find((token) => !isWellFormed(token));
  if (broken !== undefined)
    return fail(`the token ${JSON.stringify(broken)} is no whole character`);
  try {
    return new Bpe(parsed.data);
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}
