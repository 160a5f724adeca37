import { type Audio, play } from "@attend/audio";
import { writeNote } from "@attend/cli-kit";

/** Plays pieces of speech one after the other, each to its end. */
export class Player {
  readonly #signal: AbortSignal | undefined;
  #played: Promise<void> = Promise.resolve();

  /** @param signal ends what is played */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  add(audio: Audio): void {
    this.#played = this.#played.then(() => playNoting(audio, this.#signal));
    this.#played.catch(() => {}); // `idle` reports it.
  }

  /** Resolves when everything was played. @throws AttendError INTERRUPTED */
  idle(): Promise<void> {
    return this.#played;
  }
}

let isNoted = false;

/** Plays speech; says once if no program can. */
export async function playNoting(audio: Audio, signal?: AbortSignal): Promise<void> {
  const isPlayed = await play(audio, { signal });
  if (isPlayed || isNoted) return;
  isNoted = true;
  writeNote("warning: nothing here plays sound; install aplay (alsa-utils), sox or ffmpeg");
}
