import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { type CaptionSet, type ReadCaptionsOptions, readCaptions } from "../../src/index.ts";

/** Writes a caption file, with empty files as photos beside it, and returns the paths. */
export function captionFiles(
  name: string,
  content: string | Uint8Array,
  photos: readonly string[] = ["a.jpg", "b.jpg"],
): { file: string; images: string; write: (name: string, content: string) => string } {
  const folder = temporaryDirectory();
  const write = (path: string, data: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
    return join(folder, path);
  };
  const images = join(folder, "photos");
  mkdirSync(images);
  for (const photo of photos) write(join("photos", photo), "");
  return { file: write(name, content), images, write };
}

type Options = Omit<ReadCaptionsOptions, "imagesDirectory">;

/** Reads a caption file with the given content; `photos` are those that exist. */
export async function read(
  name: string,
  content: string | Uint8Array,
  { photos, ...options }: Options & { photos?: readonly string[] } = {},
): Promise<CaptionSet> {
  const { file, images } = captionFiles(name, content, photos);
  return readCaptions(file, { imagesDirectory: images, ...options });
}

/** The photos' captions by id. */
export function textsOf({ images }: CaptionSet): Record<string, string[]> {
  return Object.fromEntries(images.map(({ id, captions }) => [id, captions.map((c) => c.text)]));
}

export function linesOf({ images }: CaptionSet): number[] {
  return images.flatMap(({ captions }) => captions.map((caption) => caption.line));
}
