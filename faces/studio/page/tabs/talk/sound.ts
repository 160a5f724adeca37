/** Samples a second of what is sent: that of the recognizers. */
const sampleRate = 16_000;

/** A recording, heard by the browser. */
export interface Sound {
  /** Seconds. */
  readonly length: number;
  /** The loudest sample of each of some hundred equal parts, from 0 to 1. */
  readonly peaks: readonly number[];
}

/** @throws DOMException if the browser cannot decode it */
export async function hear(file: Blob, parts = 240): Promise<Sound> {
  const samples = await decode(file);
  const size = Math.max(1, Math.ceil(samples.length / parts));
  const peaks = Array.from({ length: Math.ceil(samples.length / size) }, (_, part) =>
    samples
      .subarray(part * size, (part + 1) * size)
      .reduce((most, x) => Math.max(most, Math.abs(x)), 0),
  );
  return { length: samples.length / sampleRate, peaks };
}

/** What a browser records is in a container that the server does not read: as a WAV of 16 bits, one channel. */
export async function toWav(recorded: Blob): Promise<File> {
  const samples = await decode(recorded);
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const text = (at: number, letters: string) => {
    for (const [i, letter] of [...letters].entries()) view.setUint8(at + i, letter.charCodeAt(0));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (const [i, sample] of samples.entries()) {
    view.setInt16(44 + 2 * i, 32_767 * Math.max(-1, Math.min(1, sample)), true);
  }
  return new File([view], "recording.wav", { type: "audio/wav" });
}

/** Plays a WAV in base64; resolves when it has ended. */
export async function play(wav: string, signal?: AbortSignal): Promise<void> {
  const address = URL.createObjectURL(blobOf(wav));
  const audio = new Audio(address);
  const stop = () => audio.pause();
  signal?.addEventListener("abort", stop);
  try {
    await audio.play();
    await new Promise((resolve) => {
      audio.addEventListener("ended", resolve);
      audio.addEventListener("pause", resolve);
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    URL.revokeObjectURL(address);
  }
}

function blobOf(wav: string): Blob {
  return new Blob([Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0))], {
    type: "audio/wav",
  });
}

/** One channel at 16 kHz. */
async function decode(file: Blob): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const sound = await context.decodeAudioData(await file.arrayBuffer());
  const channels = Array.from({ length: sound.numberOfChannels }, (_, i) =>
    sound.getChannelData(i),
  );
  const [first = new Float32Array(0)] = channels;
  return channels.length === 1
    ? first
    : first.map(
        (_, i) => channels.reduce((sum, channel) => sum + (channel[i] ?? 0), 0) / channels.length,
      );
}
