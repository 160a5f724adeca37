import { resolve } from "node:path";
import { expandInputs, type Input, type Path, parsePathList } from "@attend/cli-kit";
import { collectBytes } from "@attend/runtime/bytes";
import { AttendError } from "@attend/runtime/errors";
import { isAddress } from "@attend/runtime/files";
import type { Photo } from "../caption.ts";

/** A photo to caption, or why there is none. */
export interface PhotoInput extends Input {
  /** Of a photo that came by stdin. */
  readonly bytes?: Uint8Array;
}

export interface FoundPhotos {
  readonly photos: readonly PhotoInput[];
  /** Files of folders that are no photos. */
  readonly passedOver: readonly string[];
}

/** What can be read, in the spellings that files have. */
const extensions =
  ".jpg .jpeg .jpe .jfif .png .webp .heic .heif .avif .gif .tif .tiff .bmp .svg".split(" ");

/** As much as `loadImage` takes. */
const maxBytes = 800e6;

/**
 * The photos that command-line arguments name: files, folders, addresses of the web, and `-` for stdin,
 * which holds either a list of all these or one photo.
 *
 * @throws AttendError BAD_ARGUMENT where stdin is empty
 */
export async function findPhotos(
  args: readonly string[],
  stdin: AsyncIterable<unknown> = process.stdin,
): Promise<FoundPhotos> {
  const photos: PhotoInput[] = [];
  const passedOver: string[] = [];
  const options = { extensions, onSkip: (path: string) => void passedOver.push(path) };
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
    if (looksLikePicture(bytes)) photos.push({ path: "stdin", bytes });
    else await add(requireSome(parsePathList(bytes)));
  }
  return { photos, passedOver };
}

/** What `captionAll` is to be given. */
export function sourceOf({ path, bytes, bytesOfPath }: PhotoInput): Photo {
  return bytes ?? (bytesOfPath === undefined ? path : fileAddress(bytesOfPath));
}

/** `3 files passed over: .txt, .mp4`. */
export function tellPassedOver(paths: readonly string[]): string {
  const endings = new Set(paths.map((path) => /\.[^./\\]+$/.exec(path)?.[0] ?? "without ending"));
  const shown = [...endings].slice(0, 8).join(", ") + (endings.size > 8 ? ", ..." : "");
  return `${paths.length} ${paths.length === 1 ? "file" : "files"} passed over: ${shown}`;
}

/** The one form in which a name that is no UTF-8 can be written. */
function fileAddress(path: Buffer): URL {
  const absolute = path[0] === "/".charCodeAt(0) ? path : underThisFolder(path);
  const escaped = [...absolute].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  return new URL(`file:///${escaped.replaceAll("%2f", "/").replace(/^\//, "")}`);
}

function underThisFolder(path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${resolve()}/`), path]);
}

function tooMuch(): AttendError {
  const message = `stdin holds more than ${maxBytes / 1e6} MB; give a photo, or paths, one a line`;
  return new AttendError("BAD_ARGUMENT", message);
}

function requireSome(paths: readonly Path[]): readonly Path[] {
  if (paths.length > 0) return paths;
  const message = "stdin is empty; pipe a photo into it, or paths, one a line";
  throw new AttendError("BAD_ARGUMENT", message);
}

/** What files of pictures, and films, have at which byte, in Latin-1. */
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
 * Whether bytes are those of a picture file, or of another one that is no list of paths: text in any
 * encoding has no control characters but white space, and the NUL that may separate paths.
 */
function looksLikePicture(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, 4096);
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff")) return false; // UTF-16's mark.
  if (signatures.some(([at, signature]) => head.startsWith(signature, at))) return true;
  // A BMP file's reserved bytes, which are 0, and an SVG, which begins like no path.
  if (head.startsWith("\0\0\0\0", 6) && head.startsWith("BM")) return true;
  if (/^\s*</.test(head)) return true;
  return [...head].some((letter) => letter < " " && !"\0\t\n\v\f\r".includes(letter));
}
