import { access } from "node:fs/promises";
import { join } from "node:path";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { readError } from "@attend/runtime/files";
import * as tar from "tar";
import { findData } from "../captions/find-data.ts";
import { parseStories, type StoryQuestion } from "./parse-stories.ts";

/** One of the 20 bAbI tasks. */
export interface BabiTask {
  /** From 1 to 20. */
  readonly number: number;
  /** Such as `single supporting fact`. */
  readonly name: string;
  readonly train: readonly StoryQuestion[];
  readonly test: readonly StoryQuestion[];
}

const namePattern = /(?:^|\/)qa(\d+)_([\w-]+)_(train|test)\.txt$/;
/** The largest file of the data set has 0.5 MB. */
const maxBytes = 16_000_000;
const maxFiles = 100;

/**
 * Reads the 20 bAbI tasks (Weston et al. 2015, 'Towards AI-Complete Question Answering'), 1,000 questions to train and
 * 1,000 to test each, in the order of their numbers.
 *
 * @param archive the published `.tgz`; default: `babi/tasks-v1.1-en.tgz` in the data folder
 * @throws AttendError the errors of `findData`; FILE_NOT_FOUND, READ_FAILED; BAD_DATA if it is no such archive, naming the invalid file
 */
export async function readBabi(archive?: string): Promise<BabiTask[]> {
  const name = "tasks-v1.1-en.tgz";
  const file = archive ?? join(findData("babi", [name]), name);
  const tasks = new Map<number, { name: string; train: StoryQuestion[]; test: StoryQuestion[] }>();
  for (const [path, text] of await readArchive(file)) {
    const [, digits = "", words = "", part] = namePattern.exec(path) ?? [];
    const number = Number(digits);
    const task = tasks.get(number) ?? { name: words.replaceAll("-", " "), train: [], test: [] };
    task[part === "test" ? "test" : "train"] = parseStories(text, `${file}, ${path},`);
    tasks.set(number, task);
  }
  const sorted = [...tasks].sort(([a], [b]) => a - b);
  const isComplete = sorted.every(([, { train, test }]) => train.length > 0 && test.length > 0);
  if (sorted.length > 0 && isComplete) return sorted.map(([number, task]) => ({ number, ...task }));
  const message = `${file} does not contain the bAbI tasks, a train and a test file each; download it again`;
  throw new AttendError("BAD_DATA", message);
}

/** The texts of the tasks' files, by their paths in the archive. */
async function readArchive(file: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const refuse = (message: string) => new AttendError("BAD_DATA", `${file} ${message}`);
  await access(file).catch((thrown: unknown) => {
    throw readError(file, thrown);
  });
  let failure: AttendError | undefined;
  const collect = (entry: tar.ReadEntry) => {
    const path = String(entry.path);
    if (entry.size > maxBytes || texts.size >= maxFiles) {
      failure ??= refuse(`is larger than the bAbI tasks, at ${path}; download it again`);
    }
    if (failure !== undefined) return void entry.resume();
    const pieces: Buffer[] = [];
    entry.on("data", (piece: Buffer) => void pieces.push(piece));
    entry.on("end", () => void texts.set(path, Buffer.concat(pieces).toString()));
  };
  try {
    const filter = (path: string) => namePattern.test(path);
    await tar.list({ file, strict: true, filter, onReadEntry: collect });
  } catch (cause) {
    throw refuse(`cannot be read as a .tgz: ${messageOf(cause)}; download it again`);
  }
  if (failure !== undefined) throw failure;
  return texts;
}
