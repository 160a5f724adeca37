import { text } from "node:stream/consumers";
import { resample, writeWav } from "@attend/audio";
import { interruptible, options, pathOption, requireWritable, writeLine } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";
import { Command } from "commander";
import { rateOption, synthesizerOption, toOption, voiceOption } from "./flags.ts";

interface SayFlags {
  readonly to: string;
  readonly out?: string;
  readonly rate?: number;
  readonly play: boolean;
  readonly synthesizer?: string;
  readonly voice?: string;
  readonly quiet: boolean;
}

const examples = `
Examples:
  attend-interpret say "十分です" --out x.wav
  attend-interpret say "Guten Tag" --to de --play
  cat letter.txt | attend-interpret say - --to en --out letter.wav`;

/** `attend-interpret say` */
export function sayCommand(): Command {
  return new Command("say")
    .description("speak a text")
    .argument("<text...>", "the text, or - for stdin")
    .addOption(toOption("language of the text"))
    .addOption(pathOption("--out <file.wav>", "where to write the speech"))
    .addOption(rateOption())
    .option("--play", "play the speech", false)
    .addOption(synthesizerOption())
    .addOption(voiceOption())
    .addOption(options.quiet())
    .addHelpText("after", examples)
    .action(say);
}

async function say(words: readonly string[], flags: SayFlags, command: Command): Promise<void> {
  const { out, to, rate, voice, quiet } = flags;
  if (out === undefined && !flags.play) command.error("error: give --out <file.wav> or --play");
  if (out !== undefined) await requireWritable(out);
  const given = await textOf(words);
  const { openSynthesizer } = await import("../engines/open-synthesizer.ts");
  const { installShown } = await import("./install-shown.ts");
  await interruptible(async (signal) => {
    const install = installShown({ quiet, signal });
    const synthesizer = await openSynthesizer({ ...flags, language: to, install });
    try {
      const spoken = await synthesizer.say(given, {
        ...{ language: to, signal },
        ...(voice !== undefined && { voice }),
      });
      const sampleRate = rate ?? spoken.sampleRate;
      const audio = {
        samples: resample(spoken.samples, spoken.sampleRate, sampleRate),
        sampleRate,
      };
      if (out !== undefined) await writeWav(out, audio);
      const seconds = (audio.samples.length / sampleRate).toFixed(1);
      await writeLine(`${out ?? "played"}: ${seconds} s of speech by ${synthesizer.name}`);
      if (flags.play) {
        const { playNoting } = await import("./play-noting.ts");
        await playNoting(audio, signal);
      }
    } finally {
      await synthesizer.close();
    }
  });
}

/** @throws AttendError BAD_ARGUMENT for an empty text */
async function textOf(words: readonly string[]): Promise<string> {
  const isStdin = words.length === 1 && words[0] === "-";
  const given = isStdin ? await text(process.stdin) : words.join(" ");
  if (given.trim() !== "") return given;
  throw new AttendError("BAD_ARGUMENT", "the text to say is empty; give some words");
}
