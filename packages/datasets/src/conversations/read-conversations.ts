import { parseJson } from "@attend/runtime/config";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { Notes } from "../notes.ts";
import { defaultLimits, readLines } from "../text-files/lines.ts";

/** What people said to each other: at least two turns, in order. */
export type Conversation = readonly string[];

/** The result of {@link readConversations}. */
export interface Conversations {
  readonly conversations: readonly Conversation[];
  /** What was left out, a line each. */
  readonly warnings: readonly string[];
}

/** Options of {@link readConversations}. */
export interface ReadConversationsOptions {
  /** A longer line is an error; default 1,048,576 characters. */
  readonly maxLineLength?: number | undefined;
  /** A larger file, decompressed, is an error; default 268,435,456 bytes. */
  readonly maxBytes?: number | undefined;
}

const text = z.string();
const listSchema = z.array(z.union([text, z.object({ text }), z.object({ content: text })]));
const entrySchema = z.union([
  listSchema,
  z.object({ turns: listSchema }).transform(({ turns }) => turns),
  z.object({ messages: listSchema }).transform(({ messages }) => messages),
]);
/**
 * Reads a log of conversations, UTF-8 or UTF-16, plain or gzip:
 * - with tabs, a line is a conversation and tabs separate its turns, as in two columns of what a user and a system say;
 * - without tabs, a line is a turn, and blank lines separate conversations;
 * - in a `.jsonl` file, a line is a list of turns, or an object with `turns` or `messages`; a turn is a text, or an object
 *   with `text` or `content`.
 *
 * Turns are trimmed, and empty ones left out.
 *
 * @throws AttendError FILE_NOT_FOUND or READ_FAILED if the file cannot be read or is too large; BAD_DATA, naming the
 *   line, if one is not valid, or if no conversation has two turns
 */
export async function readConversations(
  file: string,
  options: ReadConversationsOptions = {},
): Promise<Conversations> {
  const { maxBytes = defaultLimits.maxBytes, maxLineLength = defaultLimits.maxLineLength } =
    options;
  const rows: Row[] = [];
  let before = 0;
  for await (const lines of readLines(file, { maxBytes, maxLineLength })) {
    for (const [index, text] of lines.entries()) rows.push({ text, line: before + index + 1 });
    before += lines.length;
  }
  const notes = new Notes();
  const conversations: string[][] = [];
  for (const { turns, line } of conversationsIn(rows, file)) {
    const said = turns.map((turn) => turn.trim()).filter((turn) => turn !== "");
    if (said.length >= 2) conversations.push(said);
    else notes.add(file, line, "left out, a conversation of fewer than two turns");
  }
  if (conversations.length > 0) return { conversations, warnings: notes.texts() };
  const message = `${file} has no conversation of at least two turns; write one a line, with tabs between its turns`;
  throw new AttendError("BAD_DATA", message);
}

interface Row {
  readonly text: string;
  readonly line: number;
}

function conversationsIn(rows: readonly Row[], file: string): { turns: string[]; line: number }[] {
  const filled = rows.filter(({ text }) => text.trim() !== "");
  if (/\.jsonl(\.gz)?$/i.test(file)) {
    return filled.map(({ text, line }) => ({ turns: turnsIn(text, `${file} line ${line}`), line }));
  }
  if (filled.some(({ text }) => text.includes("\t"))) {
    return filled.map(({ text, line }) => ({ turns: text.split("\t"), line }));
  }
  const conversations: { turns: string[]; line: number }[] = [];
  let isInside = false;
  for (const { text, line } of rows) {
    const isTurn = text.trim() !== "";
    if (isTurn && isInside) conversations.at(-1)?.turns.push(text);
    else if (isTurn) conversations.push({ turns: [text], line });
    isInside = isTurn;
  }
  return conversations;
}

function turnsIn(line: string, position: string): string[] {
  const parsed = entrySchema.safeParse(parseJson(line, position, "BAD_DATA"));
  if (!parsed.success) {
    const message = `${position} is not a conversation; write {"turns": ["Hello!", "Hi, how are you?"]}`;
    throw new AttendError("BAD_DATA", message);
  }
  return parsed.data.map((turn) => {
    if (typeof turn === "string") return turn;
    return "text" in turn ? turn.text : turn.content;
  });
}
