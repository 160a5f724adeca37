import { buffer } from "node:stream/consumers";
import { AttendError } from "@attend/runtime/errors";
import { describeCharacter } from "./characters.ts";
import { countCharacters, type Vocabulary } from "./vocabulary.ts";

/** A string of JavaScript holds little more. */
const maxBytes = 5e8;

/**
 * The text of files one after another; `-` is stdin. UTF-8 or UTF-16, plain or gzip. A byte order mark is
 * dropped, nothing else.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA where a file is empty or not text, or, naming
 *   the line, not UTF-8
 */
export async function readText(paths: readonly string[]): Promise<string> {
  const { readUtf8, requireUtf8 } = await import("@attend/datasets");
  const texts = [];
  for (const path of paths) {
    const name = nameOf(path);
    const source = path === "-" ? { stream: process.stdin, name } : path;
    const text = requireUtf8(await buffer(readUtf8(source, { maxBytes })), name);
    if (text === "") throw new AttendError("BAD_DATA", `${name} is empty; give a text`);
    texts.push(text.replace(/^\uFEFF/, ""));
  }
  return texts.join("");
}

/** How messages call a path of {@link readText}. */
export function nameOf(path: string): string {
  return path === "-" ? "stdin" : path;
}

/**
 * The ids of a text's tokens.
 *
 * @param source names the text in errors
 * @param options.skipUnknown leaves out what was never seen in training
 * @throws AttendError BAD_DATA otherwise, naming the first such character and its place
 */
export function encodeText(
  vocabulary: Vocabulary,
  text: string,
  { source, skipUnknown = false }: { source: string; skipUnknown?: boolean },
): { ids: Int32Array; skipped: number } {
  const { ids, skipped, firstSkipped } = vocabulary.encode(text);
  if (firstSkipped === undefined || skipUnknown) return { ids, skipped };
  const { character, line, column } = firstSkipped;
  const others = skipped > 1 ? ` (one of ${skipped} such characters)` : "";
  throw new AttendError(
    "BAD_DATA",
    `${source} line ${line}, column ${column}: the model never saw ${describeCharacter(character)} in training${others}; leave such out by --skip-unknown, or use a model that knows them`,
  );
}

/** Holds out the last characters of a text: so many, or below 1 a share of them. */
export function splitText(text: string, heldOut: number): [training: string, validation: string] {
  let characters = 0;
  for (const _ of text) characters++;
  const kept = heldOut < 1 ? Math.floor(characters * (1 - heldOut)) : characters - heldOut;
  let [left, at] = [Math.max(kept, 0), 0];
  for (const character of text) {
    if (left-- === 0) break;
    at += character.length;
  }
  return [text.slice(0, at), text.slice(at)];
}

/** The tokens of the last `fraction` of a text's characters. */
export function lastPart(
  ids: Int32Array,
  fraction: number,
  vocabulary: Pick<Vocabulary, "charactersOf">,
): Int32Array {
  const characters = countCharacters(vocabulary, ids);
  let [left, at] = [Math.floor(characters * (1 - fraction)), 0];
  for (; at < ids.length; at++) {
    const begun = vocabulary.charactersOf(ids[at] ?? 0);
    if (left <= 0 && begun > 0) break;
    left -= begun;
  }
  return ids.subarray(at);
}

/** Where a chunk of a text is that is read as streams side by side. */
export interface Chunk {
  /** Of the first stream, counted in tokens from the text's beginning. */
  readonly start: number;
  /** From one stream's token to the next stream's. */
  readonly stride: number;
  readonly streams: number;
  readonly steps: number;
}

/**
 * Cuts a text into streams of equal length and these into chunks, in the order of reading: a network's
 * state after one is its state before the next. What is left over at the end is not read.
 *
 * @param offset tokens at the beginning that are left out
 */
export function chunksOf(
  length: number,
  { streams, steps, offset = 0 }: { streams: number; steps: number; offset?: number },
): Chunk[] {
  // The last token is only a target.
  const stride = Math.floor((length - 1 - offset) / streams);
  return Array.from({ length: Math.floor(stride / steps) }, (_, index) => ({
    start: offset + index * steps,
    stride,
    streams,
    steps,
  }));
}

/** Tokens and, for each, the one behind it: `[streams * steps]`, stream by stream. */
export function readChunk(
  ids: Int32Array,
  { start, stride, streams, steps }: Chunk,
): { inputs: Int32Array; targets: Int32Array } {
  const inputs = new Int32Array(streams * steps);
  const targets = new Int32Array(streams * steps);
  for (let stream = 0; stream < streams; stream++) {
    const from = start + stream * stride;
    inputs.set(ids.subarray(from, from + steps), stream * steps);
    targets.set(ids.subarray(from + 1, from + steps + 1), stream * steps);
  }
  return { inputs, targets };
}
