import {
  interruptible,
  options,
  pathOption,
  requireWritable,
  writeJsonLine,
  writeLine,
  writeNote,
} from "@attend/cli-kit";
import { Command } from "commander";
import type { InterpretedFiles } from "../interpreted-files.ts";
import type { Interpreter, InterpretingStep } from "../interpreter.ts";
import { rowOfSentence, rowOfStep } from "../present/rows.ts";
import { linesOfStep } from "../present/steps.ts";
import { addInterpretOptions, type InterpretFlags, nBestOption, rateOption } from "./flags.ts";
import { Player } from "./play-noting.ts";

interface TalkFlags extends InterpretFlags {
  readonly mic: boolean;
  readonly out?: string;
  readonly rate?: number;
  readonly speech: boolean;
  readonly subtitles?: string;
  readonly play: boolean;
  readonly steps: boolean;
  readonly nBest?: number;
  readonly json: boolean;
}

const examples = `
Examples:
  attend-interpret talk.wav                                   English to Japanese; writes talk.ja.wav
  attend-interpret talk.wav --to de --out talk.de.wav --subtitles talk.srt
  attend-interpret talk.wav --to fr --no-speech --json        only text, a line of JSON for each sentence
  attend-interpret talk.wav --steps --n-best 3                what each stage found, and how sure it is
  attend-interpret --mic --play                               as you speak, until Ctrl-C
  attend-interpret setup                                      install the engines beforehand

Each line is what was recognized, repaired or translated, as soon as it is. Engines that are missing are installed first.
A sentence is spoken when the original begins, or when the sentence before has ended.`;

/** `attend-interpret`: the default command. */
export function talkCommand(): Command {
  const command = new Command("talk")
    .description("interpret a recording, or what is said into a microphone (the default command)")
    .argument("[recording]", "WAV, FLAC, MP3, Ogg, WebM or M4A; - for stdin")
    .option("--mic", "listen to the microphone until Ctrl-C", false)
    .optionsGroup("What comes out:")
    .addOption(
      pathOption(
        "--out <file.wav>",
        "the speech (default: named as the recording, with the language)",
      ),
    )
    .addOption(rateOption())
    .option("--no-speech", "only text")
    .addOption(pathOption("--subtitles <file>", "the translation as .srt or .vtt"))
    .option("--play", "play each sentence as soon as it is ready", false)
    .option("--steps", "print what each stage found, how sure it is, and how long it took", false)
    .addOption(nBestOption())
    .addOption(options.json("print a JSON object per sentence, or per step with --steps"))
    .optionsGroup("Languages and engines:");
  return addInterpretOptions(command).addHelpText("after", examples).action(talk);
}

async function talk(
  recording: string | undefined,
  flags: TalkFlags,
  command: Command,
): Promise<void> {
  if ((recording === undefined) !== flags.mic) {
    command.error("error: give either a recording or --mic");
  }
  if (!flags.speech && (flags.out !== undefined || flags.play)) {
    command.error("error: --no-speech leaves nothing to write or play; leave it out");
  }
  const { InterpretedFiles, speechFileOf } = await import("../interpreted-files.ts");
  const out = flags.out ?? (flags.speech ? speechFileOf(recording, flags.to) : undefined);
  const files = new InterpretedFiles({ ...flags, out });
  for (const file of [out, flags.subtitles]) if (file !== undefined) await requireWritable(file);
  await interruptible(async (signal) => {
    const { microphone } = await import("@attend/audio");
    const { openRecording } = await import("../sound.ts");
    // A recording that cannot be read is reported before anything is loaded or installed.
    const sound =
      recording === undefined
        ? microphone({ signal })
        : await openRecording(recording, { signal, warn: (line) => writeNote(`warning: ${line}`) });
    // Ctrl-C ends what the microphone hears, and what was said until then is still interpreted.
    const stop = recording === undefined ? undefined : signal;
    const player = flags.play ? new Player(stop) : undefined;
    const speaks = out !== undefined || flags.play;
    const interpreter = await loadShown(flags, { signal, speaks, player });
    try {
      const count = await interpretTo(files, interpreter, sound, {
        ...flags,
        player,
        signal: stop,
      });
      if (count === 0)
        writeNote(`no speech was found in ${recording ?? "what the microphone heard"}`);
    } finally {
      await interpreter.close();
    }
  }).finally(async () => {
    for (const written of await files.close()) writeNote(written);
  });
}

/** Loads an interpreter, installs what is missing, and says what does the work. */
async function loadShown(
  flags: TalkFlags,
  {
    signal,
    speaks,
    player,
  }: {
    readonly signal: AbortSignal;
    readonly speaks: boolean;
    readonly player: Player | undefined;
  },
): Promise<Interpreter> {
  const { loadInterpreter } = await import("../load-interpreter.ts");
  const { installShown } = await import("./install-shown.ts");
  const { quiet } = flags;
  const interpreter = await loadInterpreter({
    ...flags,
    ...(!speaks && { synthesizer: false }),
    live: flags.mic,
    ...(player !== undefined && { onSpeech: (_, part) => player.add(part) }),
    install: installShown({ quiet, signal }),
  });
  const named = Object.entries(interpreter.engines).map(([stage, engine]) => `${stage}: ${engine}`);
  if (!quiet) writeNote(named.join("; "));
  return interpreter;
}

/** @returns how many sentences there were */
async function interpretTo(
  files: InterpretedFiles,
  interpreter: Interpreter,
  sound: AsyncIterable<Float32Array>,
  {
    json,
    steps,
    player,
    signal,
  }: Pick<TalkFlags, "json" | "steps"> & {
    readonly player: Player | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<number> {
  const onStep = (step: InterpretingStep) => {
    if (step.stage === "detect" && step.output.isDraft) return;
    if (json && steps) void writeJsonLine(rowOfStep(step));
    else if (!json) for (const line of linesOfStep(step, { steps })) void writeLine(line);
  };
  let count = 0;
  for await (const sentence of interpreter.interpret(sound, { signal, onStep })) {
    count++;
    if (json && !steps) await writeJsonLine(rowOfSentence(sentence));
    await files.add(sentence);
    await player?.idle();
  }
  return count;
}
