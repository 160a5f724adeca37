import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expandInputs, type Input, readStdinList } from "@attend/cli-kit";
import { AttendError } from "@attend/runtime/errors";

/** A photo to caption, or why there is none. */
export interface PhotoInput extends Input {
  /** Of a photo that came by stdin. */
  readonly bytes?: Uint8Array;
}

/** What sharp reads, in the spellings that files have. */
const extensions = ".jpg .jpeg .png .webp .avif .gif .tif .tiff .svg".split(" ");

/**
 * The photos that command-line arguments name: files, folders, and `-` for stdin, which holds either
 * paths, one a line, or one photo.
 *
 * @throws AttendError BAD_ARGUMENT where stdin is empty
 */
export async function findPhotos(
  args: readonly string[],
  stdin: NodeJS.ReadableStream = process.stdin,
): Promise<PhotoInput[]> {
  const photos: PhotoInput[] = [];
  for (const arg of args) {
    photos.push(
      ...(arg === "-" ? await readStdin(stdin) : await expandInputs([arg], { extensions })),
    );
  }
  return photos;
}

async function readStdin(stdin: NodeJS.ReadableStream): Promise<PhotoInput[]> {
  const bytes = await buffer(stdin);
  if (isPicture(bytes)) return [{ path: "stdin", bytes }];
  const paths = await readStdinList(Readable.from([bytes]));
  if (paths.length > 0) return expandInputs(paths, { extensions });
  const message = "stdin is empty; pipe a photo into it, or paths, one a line";
  throw new AttendError("BAD_ARGUMENT", message);
}

/** Pictures are no text, but for SVG, which begins like no path. */
function isPicture(bytes: Uint8Array): boolean {
  if (bytes.includes(0) || !isUtf8(bytes)) return true;
  return /^\s*</.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString(),
  );
}
