import { AttendError } from "@attend/runtime/errors";
import type { ByteReader } from "../files/byte-reader.ts";
import { streamSamples } from "../files/stream-samples.ts";
import { isInstalled } from "../programs/installed.ts";
import { outputOf } from "../programs/output-of.ts";
import { readWav } from "../wav/read.ts";

/** Options of {@link microphone}. */
export interface MicrophoneOptions {
  /** samples per second of the result; 16000 by default */
  readonly sampleRate?: number;
  /** of each chunk; 0.1 by default */
  readonly chunkSeconds?: number;
  /** Ends the recording. */
  readonly signal?: AbortSignal | undefined;
}

/** 17 minutes at 16 kHz: a recorder that has to wait loses what is said. */
const readAhead = 2 ** 25;

/** What ffmpeg calls the default microphone. */
const ffmpegInput = process.platform === "darwin" ? "-f avfoundation -i :0" : "-f alsa -i default";

/** Programs that write what they hear as a WAV file, the preferred first. */
const recorders: readonly { readonly program: string; readonly args: string }[] = [
  { program: "arecord", args: "-q -t wav -f S16_LE -c 1 -r RATE -" },
  { program: "rec", args: "-q -t wav -b 16 -c 1 -r RATE -" },
  { program: "ffmpeg", args: `-v error -nostdin ${ffmpegInput} -ac 1 -ar RATE -f wav -` },
];

/**
 * Records from the default microphone until `signal` aborts or the loop is left, by whichever recorder is installed:
 * arecord, SoX or ffmpeg. It goes on recording while the loop is busy, and its process ends with the loop.
 *
 * @returns mono samples from -1 to 1, in chunks
 * @throws AttendError DATA_MISSING if no recorder is installed; READ_FAILED with its message if it fails
 */
export async function* microphone({
  sampleRate = 16_000,
  chunkSeconds = 0.1,
  signal,
}: MicrophoneOptions = {}): AsyncGenerator<Float32Array> {
  const recorder = recorders.find(({ program }) => isInstalled(program));
  if (recorder === undefined) {
    const remedy = "install alsa-utils (apt install alsa-utils), SoX or ffmpeg, or give a file";
    throw new AttendError("DATA_MISSING", `no program that records is installed; ${remedy}`);
  }
  const args = recorder.args.replace("RATE", String(sampleRate)).split(" ");
  const bytes = outputOf(recorder.program, args, { readAhead, signal });
  const name = "the microphone";
  const open = (reader: ByteReader) => readWav(reader, { name, warn: () => {} });
  try {
    yield* streamSamples(bytes, name, open, { sampleRate, chunkSeconds });
  } catch (thrown) {
    // Nothing was heard before the end.
    if (!signal?.aborted) throw thrown;
  }
}
