import { buffer } from "node:stream/consumers";
import { AttendError } from "@attend/runtime/errors";
import type { Tokenizer } from "@attend/text";
import { countCharacters } from "./tokenizer.ts";

/** Little less than the limit of a JavaScript string. */
const maxBytes = 5e8;

/**
 * Reads and concatenates text files; `-` is stdin. UTF-8 or UTF-16, plain or gzip. Only byte order marks are
 * removed.
 *
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED; BAD_DATA if a file is empty, not text, or, naming the
 *   line, not UTF-8
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

/** The name of a {@link readText} path in messages. */
export function nameOf(path: string): string {
  return path === "-" ? "stdin" : path;
}

/**
 * Encodes a text as token ids.
 *
 * @param source the text's name in errors
 * @param options.skipUnknown skips characters that did not occur in training
 * @throws AttendError BAD_DATA otherwise, naming the first such character and its position
 */
export function encodeText(
  tokenizer: Tokenizer,
  text: string,
  { source, skipUnknown = false }: { source: string; skipUnknown?: boolean },
): { ids: Int32Array; skipped: number } {
  const unknown = findUnknown(tokenizer, text);
  if (unknown === undefined || skipUnknown) {
    return { ids: encodeInParts(tokenizer, text), skipped: unknown?.count ?? 0 };
  }
  const { character, line, column, count } = unknown;
  const others = count > 1 ? ` (one of ${count} such characters)` : "";
  throw new AttendError(
    "BAD_DATA",
    `${source} line ${line}, column ${column}: the model never saw ${character} in training${others}; skip such characters with --skip-unknown, or use a model that knows them`,
  );
}

/** The unknown characters of a text, which a tokenizer skips. */
export interface UnknownCharacter {
  /** The first one, as named in errors: `"é" (U+00E9)`. */
  readonly character: string;
  /** Its position, counted from 1; columns are in characters. */
  readonly line: number;
  readonly column: number;
  /** The number of all unknown characters. */
  readonly count: number;
}

/** Finds the characters of a text that a tokenizer does not know. */
export function findUnknown(tokenizer: Tokenizer, text: string): UnknownCharacter | undefined {
  const unknown = new Set(
    [...new Set(text)].filter((character) => tokenizer.encode(character).length === 0),
  );
  if (unknown.size === 0) return undefined;
  let [line, column, count] = [1, 0, 0];
  let first: Omit<UnknownCharacter, "count"> | undefined;
  for (const character of text) {
    column++;
    if (unknown.has(character)) {
      count++;
      first ??= { character: describe(character), line, column };
    }
    if (character === "\n") [line, column] = [line + 1, 0];
  }
  return first && { ...first, count };
}

function describe(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `${JSON.stringify(character)} (U+${code})`;
}

/** Encodes a long text in parts to save memory; tokens do not cross the space between words. */
function encodeInParts(tokenizer: Tokenizer, text: string): Int32Array {
  const parts: Int32Array[] = [];
  const beforeWord = /(?<=\S)(?= \S)/gu;
  for (let from = 0; from < text.length; ) {
    beforeWord.lastIndex = from + 2 ** 20;
    const to = beforeWord.exec(text)?.index ?? text.length;
    parts.push(Int32Array.from(tokenizer.encode(text.slice(from, to))));
    from = to;
  }
  const ids = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
}

/** Holds out the last characters of a text: a number of them, or below 1 a fraction. */
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
  tokenizer: Pick<Tokenizer, "charactersOf">,
): Int32Array {
  const characters = countCharacters(tokenizer, ids);
  let [left, at] = [Math.floor(characters * (1 - fraction)), 0];
  for (; at < ids.length; at++) {
    const count = tokenizer.charactersOf(ids[at] ?? 0);
    if (left <= 0 && count > 0) break;
    left -= count;
  }
  return ids.subarray(at);
}

/** The position of a chunk of a text that is read as parallel streams. */
export interface Chunk {
  /** Of the first stream, in tokens from the start of the text. */
  readonly start: number;
  /** From one stream's token to the next stream's. */
  readonly stride: number;
  readonly streams: number;
  readonly steps: number;
}

/**
 * Divides a text into streams of equal length and these into chunks, in reading order: a network's
 * state after one chunk is its state before the next. The rest at the end is not read.
 *
 * @param offset number of tokens to skip at the start
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

/** Tokens and, for each, the next one: `[streams * steps]`, stream by stream. */
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
