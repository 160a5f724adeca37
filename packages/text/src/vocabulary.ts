import { AttendError } from "@attend/runtime/errors";
import { requireId } from "./tokenizer.ts";

/** A list of tokens, whose ids are their indices. Immutable. */
export class Vocabulary {
  readonly tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /** @throws AttendError BAD_DATA if a token occurs twice */
  constructor(tokens: readonly string[]) {
    this.tokens = [...tokens];
    this.#ids = idsOf(tokens);
  }

  get size(): number {
    return this.tokens.length;
  }

  /** The id of a token; undefined if there is no such token. */
  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** @throws AttendError BAD_ARGUMENT for an id out of range */
  token(id: number): string {
    requireId(id, this.size);
    return this.tokens[id] ?? "";
  }
}

/**
 * Numbers tokens.
 *
 * @param first the id of the first one
 * @throws AttendError BAD_DATA if a token occurs twice
 */
export function idsOf(tokens: readonly string[], first = 0): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const [index, token] of tokens.entries()) {
    const former = ids.get(token);
    if (former !== undefined) {
      throw new AttendError(
        "BAD_DATA",
        `the token ${JSON.stringify(token)} has two ids, ${former} and ${first + index}; remove one and train again`,
      );
    }
    ids.set(token, first + index);
  }
  return ids;
}
