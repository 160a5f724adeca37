import { groupsOfLines, type Line, writeJsonLine, writeLine, writeNote } from "@attend/cli-kit";
import { readUtf8 } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import type { Chatbot } from "../chatbot.ts";
import { failedRow, lineOf, rowOf } from "../present/rows.ts";
import { readQuestion } from "../question.ts";
import type { Reply } from "../responder.ts";
import type { Session } from "../session.ts";
import { readStoryLine } from "../stories/told.ts";

type Bot = Pick<Chatbot, "start" | "kind">;

/** What a line says, and in which conversation; undefined if it only ends a story. */
type ReadLine = (line: string) => { readonly session: Session; readonly said: string | undefined };

const alone =
  (bot: Bot): ReadLine =>
  (said) => ({ session: bot.start(), said });

function storyReader(session: Session): ReadLine {
  return (line) => {
    const { text, begins } = readStoryLine(line);
    if (begins) session.reset();
    return { session, said: text === "" ? undefined : text };
  };
}

/** For a blank line between stories. */
const nothing: Reply = {
  ...{ question: "", answer: "", confidence: 1, confident: true, source: null },
  ...{ isFact: true, why: "" },
};

/**
 * Answers each line of a file, or of stdin if it is `-`, with a row for each, in order. A line is a question of its own,
 * but for a model of stories, lines tell a story and ask about it, up to a blank line or the next number 1. A line that
 * cannot be answered is reported, and the exit code is then 1.
 */
export async function answerFile(
  bot: Bot,
  file: string,
  { json }: { readonly json: boolean },
): Promise<void> {
  const source = file === "-" ? { stream: process.stdin, name: "stdin" } : file;
  const bytes = readUtf8(source, { maxBytes: Number.POSITIVE_INFINITY });
  const read = bot.kind === "stories" ? storyReader(bot.start()) : alone(bot);
  let [number, failures] = [0, 0];
  for await (const lines of groupsOfLines(bytes, 64)) {
    for (const line of lines) {
      number++;
      const { reply, failure } = await replyTo(read, line, number);
      if (failure !== undefined) {
        failures++;
        writeNote(`error: ${failure}`);
        if (json) await writeJsonLine(failedRow(line.text ?? "", failure, bot.kind));
      } else if (json) await writeJsonLine(rowOf(reply, bot.kind));
      else await writeLine(lineOf(reply));
    }
  }
  if (failures === 0) return;
  process.exitCode = 1;
  writeNote(`${failures} of ${number} lines could not be answered`);
}

async function replyTo(
  read: ReadLine,
  { text, fault }: Line,
  number: number,
): Promise<{ reply: Reply; failure?: never } | { reply?: never; failure: string }> {
  if (fault !== undefined) return { failure: `${fault}; save the file as plain text (UTF-8)` };
  try {
    const { session, said } = read(text);
    if (said === undefined) return { reply: nothing };
    const { question, isCleaned } = readQuestion(said);
    if (isCleaned) writeNote(`warning: line ${number} has control characters, which are left out`);
    return { reply: await session.ask(question).reply() };
  } catch (thrown) {
    if (!AttendError.isInstance(thrown) || thrown.code === "INTERRUPTED") throw thrown;
    return { failure: `line ${number}: ${thrown.message}` };
  }
}
