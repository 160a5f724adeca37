import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { readAudio, writeWav } from "@attend/audio";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Interpreter, loadInterpreter } from "../src/index.ts";
import { InterpretedFiles } from "../src/interpreted-files.ts";
import { recognizerOf, synthesizer } from "./support/engines.ts";
import { babble, join, noise, silence } from "./support/sound.ts";

const directory = mkdtempSync(joinPath(tmpdir(), "attend-interpreter-"));
// No engine is installed there, so that the energy tells what is speech.
beforeAll(() => void vi.stubEnv("ATTEND_CACHE", directory));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

let interpreter: Interpreter | undefined;
afterEach(async () => {
  await interpreter?.close();
  interpreter = undefined;
});

const two = join(silence(1), babble(2), silence(2), babble(1), silence(1));

async function write(name: string, samples: Float32Array): Promise<string> {
  const file = joinPath(directory, name);
  await writeWav(file, { samples, sampleRate: 16_000 });
  return file;
}

test("a recording becomes sentences with times, translations and speech", async () => {
  const recognizer = recognizerOf(["A man is riding a bicycle.", "Two dogs play."]);
  const speaker = synthesizer();
  interpreter = await loadInterpreter({ to: "de", engine: recognizer, synthesizer: speaker });
  const steps: string[] = [];
  const sentences: string[] = [];
  const files = new InterpretedFiles({
    out: joinPath(directory, "talk.de.wav"),
    subtitles: joinPath(directory, "talk.srt"),
  });
  const file = await write("talk.wav", two);
  for await (const sentence of interpreter.interpret(file, {
    onStep: ({ stage }) => steps.push(stage),
  })) {
    const { start, end, text, translation, audio } = sentence;
    expect(audio?.samples.length).toBe(80 * translation.text.length);
    sentences.push(`${start.toFixed(0)}-${end.toFixed(0)}: ${text} ${translation.text}`);
    await files.add(sentence);
  }
  expect(sentences).toEqual([
    "1-3: A man is riding a bicycle. Ein Mann fährt Fahrrad.",
    "5-6: Two dogs play. Zwei Hunde spielen.",
  ]);
  expect(steps.filter((stage) => stage === "say").length).toBe(2);
  const written = await files.close();
  expect(written).toEqual([
    expect.stringMatching(/talk\.de\.wav: 5\.\d s of speech$/),
    joinPath(directory, "talk.srt"),
  ]);
  const speech = await readAudio(joinPath(directory, "talk.de.wav"), { sampleRate: 8000 });
  // Silence until the original begins, and between the sentences.
  expect(speech.samples[0]).toBe(0);
  expect(speech.samples[8000 * 1]).toBeCloseTo(0.25, 3);
  expect(speech.samples[8000 * 3]).toBe(0);
  await interpreter.close();
  expect([recognizer.closed(), speaker.closed()]).toEqual([true, true]);
});

test("what is spoken now is not heard again when a pause tells that it has ended", async () => {
  const texts = ["A man runs.", "Two dogs play."];
  const recognizer = recognizerOf(texts);
  const options = { to: "de", engine: recognizer, synthesizer: false } as const;
  interpreter = await loadInterpreter({ ...options, live: true });
  const drafts: number[] = [];
  const { sentences } = await interpreter.interpretAll(await write("live.wav", two), {
    onStep: (step) => {
      if (step.stage === "detect" && step.output.isDraft) drafts.push(step.output.start);
    },
  });
  expect(sentences.map(({ text }) => text)).toEqual(texts);
  expect(drafts).toHaveLength(2);
});

test.each([
  ["silence", silence(3)],
  ["noise", noise(3)],
  ["a tenth of a second", silence(0.1)],
])("%s has no words", async (_, samples) => {
  interpreter = await loadInterpreter({ to: "de", engine: recognizerOf([]), synthesizer: false });
  const { sentences } = await interpreter.interpretAll(await write("nothing.wav", samples));
  expect(sentences).toEqual([]);
});

test("an engine that ends in the middle is an error after the sentences before", async () => {
  const recognizer = recognizerOf(["A man runs."]);
  interpreter = await loadInterpreter({ to: "de", engine: recognizer, synthesizer: synthesizer() });
  const texts: string[] = [];
  const read = async (loaded: Interpreter) => {
    for await (const { text } of loaded.interpret(await write("two.wav", two))) texts.push(text);
  };
  await expect(read(interpreter)).rejects.toThrow("the engine ended");
  expect(texts).toEqual(["A man runs."]);
});
