import { resolve } from "node:path";
import {
  expandInputs,
  type Input,
  type Path,
  parsePathList,
  photoExtensions,
} from "@attend/cli-kit";
import { collectBytes } from "@attend/runtime/bytes";
import { AttendError } from "@attend/runtime/errors";
import { isAddress } from "@attend/runtime/files";
import type { Photo } from "../caption.ts";

/** A photo to caption, or the reason why there is none. */
export interface PhotoInput extends Input {
  /** Of a photo from stdin. */
  readonly bytes?: Uint8Array;
}

export interface FoundPhotos {
  readonly photos: readonly PhotoInput[];
  /** Files in folders that are not photos. */
  readonly skipped: readonly string[];
}

/** The limit of `loadImage`. */
const maxBytes = 800e6;

/**
 * Finds the photos named by command-line arguments: files, folders, web addresses, and `-` for stdin,
 * which contains either a list of these or one photo.
 *
 * @throws AttendError BAD_ARGUMENT if stdin is empty
 */
export async function findPhotos(
  args: readonly string[],
  stdin: AsyncIterable<unknown> = process.stdin,
): Promise<FoundPhotos> {
  const photos: PhotoInput[] = [];
  const skipped: string[] = [];
  const options = {
    extensions: photoExtensions,
    onSkip: (path: string) => void skipped.push(path),
  };
  const add = async (paths: readonly Path[]) => {
    for (const path of paths) {
      if (typeof path === "string" && isAddress(path)) photos.push({ path });
      else photos.push(...(await expandInputs([path], options)));
    }
  };
  for (const arg of args) {
    if (arg !== "-") {
      await add([arg]);
      continue;
    }
    const bytes = await collectBytes(stdin, maxBytes, tooMuch);
    if (looksLikeImage(bytes)) photos.push({ path: "stdin", bytes });
    else await add(requireSome(parsePathList(bytes)));
  }
  return { photos, skipped };
}

/** The input for `captionAll`. */
export function sourceOf({ path, bytes, bytesOfPath }: PhotoInput): Photo {
  return bytes ?? (bytesOfPath === undefined ? path : fileAddress(bytesOfPath));
}

/** `3 files skipped: .txt, .mp4`. */
export function describeSkipped(paths: readonly string[]): string {
  const extensions = new Set(paths.map((path) => /\.[^./\\]+$/.exec(path)?.[0] ?? "no extension"));
  const shown = [...extensions].slice(0, 8).join(", ") + (extensions.size > 8 ? ", ..." : "");
  return `${paths.length} ${paths.length === 1 ? "file" : "files"} skipped: ${shown}`;
}

/** The only way to write a name that is not UTF-8. */
function fileAddress(path: Buffer): URL {
  const absolute = path[0] === "/".charCodeAt(0) ? path : underThisFolder(path);
  const escaped = [...absolute].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return new URL(`file:///${escaped.replaceAll("%2f", "/").replace(/^\//, "")}`);
}

function underThisFolder(path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${resolve()}/`), path]);
}

function tooMuch(): AttendError {
  const message = `stdin has more than ${maxBytes / 1e6} MB; pipe a photo into it, or paths, one per line`;
  return new AttendError("BAD_ARGUMENT", message);
}

function requireSome(paths: readonly Path[]): readonly Path[] {
  if (paths.length > 0) return paths;
  const message = "stdin is empty; pipe a photo into it, or paths, one per line";
  throw new AttendError("BAD_ARGUMENT", message);
}

/** Signatures of image and video files, in Latin-1, and their offsets in bytes. */
const signatures: readonly (readonly [at: number, bytes: string])[] = [
  [0, "\xff\xd8\xff"], // JPEG
  [0, "\x89PNG"],
  [0, "GIF8"],
  [8, "WEBP"],
  [0, "II*\0"], // TIFF
  [0, "MM\0*"],
  [0, "II+\0"],
  [0, "MM\0+"],
  [4, "ftyp"], // HEIC, AVIF
];

/**
 * Whether bytes are an image file, or another file that is not a list of paths: text in any encoding
 * has no control characters except white space, and the NUL that may separate paths.
 */
function looksLikeImage(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, 4096);
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff")) return false; // The byte order mark of UTF-16.
  if (signatures.some(([at, signature]) => head.startsWith(signature, at))) return true;
  // A BMP file's reserved bytes are 0; an SVG does not start like a path.
  if (head.startsWith("\0\0\0\0", 6) && head.startsWith("BM")) return true;
  if (/^\s*</.test(head)) return true;
  return [...head].some((letter) => letter < " " && !"\0\t\n\v\f\r".includes(letter));
}
