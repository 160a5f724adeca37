import { parseConfig } from "@attend/runtime/config";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { z } from "zod";
import { normalizations } from "./form.ts";
import { maxSize, maxSpecial, maxTokenLength } from "./limits.ts";
import type { TokenTableJson } from "./subwords.ts";
import { byteTokens } from "./token-table.ts";
import { isWellFormed } from "./utf8.ts";

const text = z.string().min(1);

/** How many tokens a file may hold besides special ones and bytes. */
export const maxTokens = maxSize - byteTokens - maxSpecial;

/** The fields that the files of all vocabularies have: {@link TokenTableJson}. */
export const tokenTableShape = {
  normalization: z.enum(normalizations),
  lowerCase: z.boolean().optional(),
  special: z.array(text.max(maxTokenLength)).max(maxSpecial),
  // A character has up to two code units.
  tokens: z.array(text.max(2 * maxTokenLength)).max(maxTokens),
};

/** How a vocabulary is read. */
export interface Reading<Json, Made> {
  readonly schema: z.ZodType<Json>;
  /** What a file looks like, for errors. */
  readonly example: string;
  readonly make: (json: Json) => Made;
}

/**
 * Reads a vocabulary that was stored.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA where the shape is wrong, a token occurs twice, or `make` refuses it
 */
export function readVocabulary<Json extends TokenTableJson, Made>(
  json: unknown,
  source: string,
  { schema, example, make }: Reading<Json, Made>,
): Made {
  const fail = (fault: string): never => {
    throw new AttendError("BAD_DATA", `${source}: ${fault}`);
  };
  const remedy = `a vocabulary of subwords is ${example}; copy or learn it again`;
  const checked = parseConfig(schema, json, source, { code: "BAD_DATA", remedy });
  const { special, tokens } = checked;
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
    return make(checked);
  } catch (thrown) {
    return fail(messageOf(thrown));
  }
}
