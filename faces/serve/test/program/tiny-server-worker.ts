// An engine process without an engine, for the server's tests: it answers with what files and texts say, or does it.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AttendError } from "@attend/runtime/errors";
import { z } from "zod";
import { serveTasks } from "../../src/worker/serve-tasks.ts";
import { batchTask, streamTask } from "../../src/worker/task.ts";

const nothing = {
  model: z.object({}),
  options: z.object({}),
  load: async () => ({}),
  close: () => {},
};

async function obey(word: string, signal: AbortSignal): Promise<void> {
  if (word === "crash") process.kill(process.pid, "SIGKILL");
  if (word === "bug") throw new TypeError("a bug");
  if (word === "wait") await wait(60_000, undefined, { signal });
  if (word === "last") await wait(200);
}

const captions = batchTask({
  ...nothing,
  input: z.string(),
  async *run(_, photos, { signal }) {
    for (const photo of photos) {
      const caption = await readFile(photo, "utf8");
      await obey(caption, signal);
      if (caption === "fail") yield new AttendError("BAD_IMAGE", `${photo} is no picture`);
      else yield { caption, logProbability: 0, alternatives: [], width: 1, height: 1 };
    }
  },
});

const answers = batchTask({
  ...nothing,
  input: z.object({ photo: z.string(), questions: z.array(z.string()) }),
  async *run(_, inputs) {
    for (const { photo, questions } of inputs) {
      const answer = await readFile(photo, "utf8");
      yield questions.map((question) => ({
        ...{ question, answer, probability: 1, confident: true, alternatives: [] },
      }));
    }
  },
});

const faqs = batchTask({
  ...nothing,
  input: z.object({ file: z.string(), out: z.string() }),
  async *run(_, inputs) {
    for (const { file, out } of inputs) {
      if ((await readFile(file, "utf8")) === "fail") throw new AttendError("BAD_DATA", "no FAQ");
      await mkdir(out);
      await writeFile(join(out, "config.json"), "{}");
      yield { answers: 1, questions: 2, warnings: [basename(file)] };
    }
  },
});

const chats = streamTask({
  ...nothing,
  input: z.object({ text: z.string(), turns: z.array(z.unknown()) }),
  async *stream(_, { text, turns }) {
    for (const word of text.split(" ")) {
      if (word === "fail") throw new AttendError("BAD_DATA", "fail");
      yield { text: word };
    }
    const answer = `after ${turns.length} turns`;
    return { question: text, answer, confidence: 1, confident: true, source: null, why: "" };
  },
});

serveTasks(
  {
    answers: { load: async () => ({ task: answers }) },
    captions: { load: async () => ({ task: captions }) },
    chats: { load: async () => ({ task: chats }) },
    faqs: { load: async () => ({ task: faqs }) },
  },
  { idleSeconds: Number(process.argv[2]) },
);
