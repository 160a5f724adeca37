import { parseConfig } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import type { EncodedText, TokenDecoder, UnknownCharacter, Vocabulary } from "./vocabulary.ts";

/** Stands for every character that is rarer than `minCount`. */
const unknown = "\uFFFD";

/** What vocabulary.json holds: the characters in the order of their ids. */
const charactersSchema = z.strictObject({ characters: z.array(z.string()).min(1) });

/**
 * The characters (Unicode code points) that a model knows, each with a number from 0 to `size - 1`.
 * Immutable. Made by {@link buildCharacters} or {@link parseCharacters}.
 */
export class Characters implements Vocabulary {
  readonly unit = "characters";
  readonly #characters: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
    this.#ids = new Map(characters.map((character, id) => [character, id]));
  }

  get size(): number {
    return this.#characters.length;
  }

  /** The id that stands for rare characters; absent where the vocabulary has them all. */
  get unknownId(): number | undefined {
    return this.#ids.get(unknown);
  }

  /** The line break; where there are no lines, the character that the training text begins with. */
  get startId(): number {
    return this.#ids.get("\n") ?? 0;
  }

  /**
   * One id a character. A character that the vocabulary lacks gets `unknownId`; without one it is left
   * out of the ids and counted.
   */
  encode(text: string): EncodedText {
    const ids = new Int32Array(text.length);
    let [length, skipped, line, column] = [0, 0, 1, 0];
    let firstSkipped: UnknownCharacter | undefined;
    for (const character of text) {
      column++;
      const id = this.#ids.get(character) ?? this.unknownId;
      if (id !== undefined) {
        ids[length++] = id;
      } else {
        skipped++;
        firstSkipped ??= { character, line, column };
      }
      if (character === "\n") [line, column] = [line + 1, 0];
    }
    return { ids: ids.subarray(0, length), skipped, ...(firstSkipped && { firstSkipped }) };
  }

  charactersOf(): number {
    return 1;
  }

  decoder(): TokenDecoder {
    // What stands for rare characters is never written.
    const unwritable = this.unknownId === undefined ? [] : [this.unknownId];
    return { push: (id) => this.character(id), unwritable };
  }

  /** @throws AttendError BAD_ARGUMENT where no character has this id */
  character(id: number): string {
    const character = this.#characters[id];
    if (character !== undefined) return character;
    throw new AttendError(
      "BAD_ARGUMENT",
      `ids of this vocabulary are whole numbers from 0 to ${this.size - 1}, but ${id} was given; does the vocabulary belong to the model?`,
    );
  }

  toJSON(): z.input<typeof charactersSchema> {
    return { characters: [...this.#characters] };
  }
}

/**
 * Numbers the characters of a text in the order of their first use. With `minCount` above 1 those that
 * occur less often share one number, behind the others.
 */
export function buildCharacters(text: string, { minCount }: { minCount: number }): Characters {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const frequent = [...counts].filter(([, count]) => count >= minCount).map(([each]) => each);
  const rare = frequent.length < counts.size && !frequent.includes(unknown);
  return new Characters(rare ? [...frequent, unknown] : frequent);
}

/**
 * Reads what `toJSON` wrote.
 *
 * @param source names it in errors
 * @throws AttendError BAD_DATA
 */
export function parseCharacters(json: unknown, source: string): Characters {
  const again = "copy or train the model again";
  const remedy = `a vocabulary is { "characters": ["a", "b", ...] }; ${again}`;
  const { characters } = parseConfig(charactersSchema, json, source, { code: "BAD_DATA", remedy });
  const fail = (fault: string): never => {
    throw new AttendError("BAD_DATA", `${source}: ${fault}; ${again}`);
  };
  const odd = characters.find((character) => [...character].length !== 1);
  if (odd !== undefined) return fail(`${JSON.stringify(odd)} is not one character`);
  const twice = characters.find((character, id) => characters.indexOf(character) !== id);
  if (twice !== undefined) return fail(`${JSON.stringify(twice)} stands there twice`);
  return new Characters(characters);
}

/** `"é" (U+00E9)` */
export function describeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `${JSON.stringify(character)} (U+${code})`;
}
