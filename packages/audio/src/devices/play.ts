import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { isInstalled } from "../programs/installed.ts";
import { outputOf } from "../programs/output-of.ts";
import type { Audio } from "../speech.ts";
import { writeWav } from "../wav/write.ts";

/** Programs that play a WAV file, the preferred first. */
const players: readonly { program: string; args: readonly string[] }[] = [
  { program: "aplay", args: ["-q"] },
  { program: "paplay", args: [] },
  { program: "pw-play", args: [] },
  { program: "afplay", args: [] },
  { program: "play", args: ["-q"] },
  { program: "ffplay", args: ["-v", "error", "-nodisp", "-autoexit"] },
];

/**
 * Plays a recording to its end, by the first program that can: aplay, paplay, pw-play, afplay, SoX or ffplay.
 *
 * @returns false if none is installed, or none of them has a device to play on
 * @throws AttendError INTERRUPTED if `signal` aborts, which ends the program
 */
export async function play(
  audio: Audio,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  const installed = players.filter(({ program }) => isInstalled(program));
  if (installed.length === 0) return false;
  const folder = await mkdtemp(join(tmpdir(), "attend-play-"));
  const file = join(folder, "audio.wav");
  try {
    await writeWav(file, audio);
    for (const { program, args } of installed) {
      if (await succeeds(program, [...args, file], signal)) return true;
    }
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function succeeds(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    for await (const _ of outputOf(program, args, { signal }));
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) return false;
    throw thrown;
  }
  if (signal?.aborted)
    throw new AttendError("INTERRUPTED", "the recording was not played to its end");
  return true;
}
