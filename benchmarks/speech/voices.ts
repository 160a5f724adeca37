/**
 * Lets synthesizers say the digits, with other pitches, tempos and accents: more speakers for `digits`.
 *
 *   pnpm --filter @attend/benchmarks digits-voices
 *
 * It takes minutes, and wants espeak-ng and flite. `--out DIR` is where the recordings are written, with a
 * transcripts.tsv (default: runs/digits-voices in the repository); `--speakers N` is the number of espeak-ng's speakers.
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { createRandom, type Random } from "@attend/runtime/random";
import { positiveInteger } from "../support/flags.ts";
import { runResumable } from "../support/resumable.ts";
import { userPath } from "../support/user-path.ts";
import { accents, dialects, english, fliteVoices, variants } from "./accents.ts";

/** A command that says a digit, without the file that it writes. */
type Say = (digit: number, random: Random) => readonly string[];

const run = promisify(execFile);
const { values: flags } = parseArgs({
  options: {
    out: {
      type: "string",
      default: fileURLToPath(new URL("../../runs/digits-voices", import.meta.url)),
    },
    speakers: { type: "string" },
  },
});
await runResumable(sayDigits);

async function sayDigits(signal: AbortSignal): Promise<void> {
  const folder = userPath(flags.out);
  await mkdir(folder, { recursive: true });
  const random = createRandom(1);
  const count = positiveInteger("speakers", flags.speakers) ?? 60;
  const speakers = [
    ...Array.from({ length: count }, () => espeakSpeaker(random)),
    ...Object.entries(fliteVoices).flatMap(([voice, pitch]) =>
      Array.from({ length: 4 }, () => fliteSpeaker(voice, pitch, random)),
    ),
  ];
  const lines: string[] = [];
  for (const [speaker, say] of speakers.entries()) {
    for (const [digit, text] of english.entries()) {
      const name = `${speaker}-${digit}.wav`;
      await runProgram([...say(digit, random), join(folder, name)], signal);
      lines.push(`${name}\t${text}\tvoice ${speaker}\n`);
    }
  }
  await writeFile(join(folder, "transcripts.tsv"), lines.join(""));
  console.log(`${speakers.length} speakers, ${lines.length} recordings in ${folder}`);
}

/** One of espeak-ng's, half of them with an accent. */
function espeakSpeaker(random: Random): Say {
  const accent = random.uniform() < 0.5 ? oneOf(Object.keys(accents), random) : undefined;
  const voice = `${accent ?? oneOf(dialects, random)}+${oneOf(variants, random)}`;
  const [pitch, tempo] = [20 + random.integer(56), 120 + random.integer(81)];
  const around = (value: number, most: number, chance: Random) =>
    String(value - most + chance.integer(2 * most + 1));
  return (digit, chance) => {
    const word = (accent === undefined ? english : (accents[accent] ?? english))[digit] ?? "";
    const manner = ["-p", around(pitch, 5, chance), "-s", around(tempo, 10, chance)];
    return ["espeak-ng", "-v", voice, ...manner, word, "-w"];
  };
}

/** One of flite's voices, higher or lower, and faster or slower, than it is. */
function fliteSpeaker(voice: string, pitch: number, random: Random): Say {
  const around = (value: number, share: number, chance: Random) =>
    (value * (1 - share + 2 * share * chance.uniform())).toFixed(2);
  const [own, slow] = [around(pitch, 0.2, random), Number(around(1, 0.2, random))];
  return (digit, chance) => {
    const settings = [
      `int_f0_target_mean=${own}`,
      `duration_stretch=${around(slow, 0.05, chance)}`,
    ];
    const manner = settings.flatMap((setting) => ["--setf", setting]);
    return ["flite", "-voice", voice, ...manner, "-t", english[digit] ?? "", "-o"];
  };
}

async function runProgram(
  [program = "", ...args]: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await run(program, args, { signal });
  } catch (thrown) {
    if (signal.aborted) throw new AttendError("INTERRUPTED", "stopped");
    if (systemCodeOf(thrown) !== "ENOENT") throw thrown;
    const message = `the program ${program} is missing; install it (Debian, Ubuntu: apt install ${program})`;
    throw new AttendError("DATA_MISSING", message, { cause: thrown });
  }
}

function oneOf<T>(items: readonly T[], random: Random): T {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError("there is nothing to choose from");
  return item;
}
