import { streamAudio } from "@attend/audio";

/**
 * Opens a recording; its first piece is read, so that it is known to be one.
 *
 * @param file a path, or `-` for stdin
 * @returns pieces of sound at 16 kHz
 * @throws AttendError FILE_NOT_FOUND, READ_FAILED or BAD_AUDIO
 */
export async function openRecording(
  file: string,
  options: { readonly signal: AbortSignal; readonly warn: (line: string) => void },
): Promise<AsyncIterable<Float32Array>> {
  const chunks = streamAudio(file, options);
  const first = await chunks.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  })();
}
