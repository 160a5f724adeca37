import { type Audio, play } from "@attend/audio";
import { writeNote } from "@attend/cli-kit";

let isNoted = false;

/** Plays speech; says once if no program can. */
export async function playNoting(audio: Audio, signal?: AbortSignal): Promise<void> {
  const isPlayed = await play(audio, { signal });
  if (isPlayed || isNoted) return;
  isNoted = true;
  writeNote("warning: nothing here plays sound; install aplay (alsa-utils), sox or ffmpeg");
}
