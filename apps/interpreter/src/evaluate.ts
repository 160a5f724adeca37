import { streamAudio } from "@attend/audio";
import type { EvaluatedRecording, Heard } from "@attend/speech-translation";
import type { Interpreter } from "./interpreter.ts";
import type { TranscribedRecording } from "./transcripts.ts";

/** How {@link evaluateRecordings} works. */
interface EvaluateOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** Interprets recordings one after the other, and keeps what each stage made of them. Throws like `interpretAll`. */
export async function evaluateRecordings(
  interpreter: Interpreter,
  recordings: readonly TranscribedRecording[],
  { signal, onProgress }: EvaluateOptions,
): Promise<EvaluatedRecording[]> {
  const evaluated: EvaluatedRecording[] = [];
  for (const recording of recordings) {
    evaluated.push(await evaluateRecording(interpreter, recording, signal));
    onProgress(evaluated.length);
  }
  return evaluated;
}

async function evaluateRecording(
  interpreter: Interpreter,
  { file, transcript, references }: TranscribedRecording,
  signal: AbortSignal,
): Promise<EvaluatedRecording> {
  const sampleRate = 16_000;
  let samples = 0;
  async function* counted() {
    for await (const chunk of streamAudio(file, { sampleRate, signal })) {
      samples += chunk.length;
      yield chunk;
    }
  }
  const heard: Heard[] = [];
  const { sentences, report } = await interpreter.interpretAll(counted(), {
    signal,
    onStep: (step) => {
      if (step.stage === "recognize") heard.push(step.output);
    },
  });
  const { text: fromTranscript } = await interpreter.translate(transcript, { signal });
  return {
    ...{ file, transcript, fromTranscript, references },
    recognized: heard.map(({ text }) => text).join(" "),
    repaired: sentences.map(({ text }) => text).join(" "),
    translation: sentences.map(({ translation }) => translation.text).join(" "),
    seconds: samples / sampleRate,
    stages: report,
  };
}
