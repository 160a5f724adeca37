import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { AttendError } from "@attend/runtime/errors";
import { readError, writeError } from "@attend/runtime/files";
import { type Casing, casings } from "../words/casing.ts";
import { isFinal, type Mark, marks } from "../words/marks.ts";
import type { TaggedWord } from "../words/tagged.ts";

/** A word of an example. */
export type ExampleWord = Omit<TaggedWord, "text">;

/**
 * Examples in a file, one a line, of which only the places are in memory: `the/0- man/00 sat/20` are words with the classes
 * of their mark and casing.
 */
export class ExampleFile {
  readonly #path: string;
  /** Where each line begins, and the last one ends, in bytes. */
  readonly #starts: readonly number[];
  /** Of the contents, for `Origin`. */
  readonly hash: string;

  constructor(path: string, starts: readonly number[], hash: string) {
    this.#path = path;
    this.#starts = starts;
    this.hash = hash;
  }

  get length(): number {
    return this.#starts.length - 1;
  }

  /** @throws AttendError READ_FAILED */
  async read(indices: readonly number[]): Promise<ExampleWord[][]> {
    try {
      const file = await open(this.#path);
      try {
        const examples: ExampleWord[][] = [];
        for (const index of indices) {
          const [start = 0, end = start] = this.#starts.slice(index, index + 2);
          const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
          examples.push(buffer.toString("utf8").trimEnd().split(" ").map(parseWord));
        }
        return examples;
      } finally {
        await file.close();
      }
    } catch (thrown) {
      throw readError(this.#path, thrown);
    }
  }
}

/**
 * Writes the sentences of texts as examples.
 *
 * @param texts each a sequence of sentences in order; no example has words of two texts
 * @param window the most words of an example
 * @throws AttendError WRITE_FAILED; BAD_DATA if there is no sentence
 */
export async function writeExamples(
  texts: AsyncIterable<AsyncIterable<readonly TaggedWord[]>>,
  path: string,
  window: number,
): Promise<ExampleFile> {
  const hash = createHash("sha256");
  const starts = [0];
  async function* lines() {
    for await (const sentences of texts) {
      for await (const example of cut(sentences, window)) {
        const line = Buffer.from(`${example.map(formatWord).join(" ")}\n`);
        hash.update(line);
        starts.push((starts.at(-1) ?? 0) + line.length);
        yield line;
      }
    }
  }
  try {
    await pipeline(lines, createWriteStream(path));
  } catch (thrown) {
    throw thrown instanceof AttendError ? thrown : writeError(path, thrown);
  }
  if (starts.length === 1) {
    throw new AttendError(
      "BAD_DATA",
      "the text has no sentence that ends with a mark; give texts with punctuation",
    );
  }
  return new ExampleFile(path, starts, hash.digest("hex").slice(0, 16));
}

/**
 * Each example begins with a sentence, as windows do later. Of four examples, two are as long as possible, and end within a
 * sentence, which the next one then begins with; one ends with a sentence, and one is short, as what people say often is.
 */
async function* cut(
  sentences: AsyncIterable<readonly TaggedWord[]>,
  window: number,
): AsyncGenerator<readonly TaggedWord[]> {
  let held: TaggedWord[] = [];
  let count = 0;
  for await (const sentence of sentences) {
    held.push(...sentence);
    while (held.length > window) {
      const kind = count++ % 4;
      const example = held.slice(0, kind === 3 ? shortLength(window) : window);
      const whole = example.findLastIndex(({ mark }) => isFinal(mark)) + 1 || example.length;
      yield kind < 2 ? example : example.slice(0, whole);
      held = held.slice(whole);
    }
  }
  if (held.length > 0) yield held;
}

const shortLength = (window: number) => Math.ceil(window / 4);

function formatWord({ key, mark, casing }: TaggedWord): string {
  return `${key}/${marks.indexOf(mark)}${casing === undefined ? "-" : casings.indexOf(casing)}`;
}

function parseWord(text: string): ExampleWord {
  const [mark, casing] = text.slice(-2);
  return {
    key: text.slice(0, -3),
    mark: marks[Number(mark)] ?? ("none" satisfies Mark),
    casing: casings[Number(casing)] satisfies Casing | undefined,
  };
}
