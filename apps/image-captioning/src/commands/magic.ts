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
export function looksLikePicture(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, 4096);
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff")) return false; // UTF-16's mark.
  if (signatures.some(([at, signature]) => head.startsWith(signature, at))) return true;
  // A BMP file's reserved bytes, which are 0, and an SVG, which begins like no path.
  if (head.startsWith("\0\0\0\0", 6) && head.startsWith("BM")) return true;
  if (/^\s*</.test(head)) return true;
  return [...head].some((letter) => letter < " " && !"\0\t\n\v\f\r".includes(letter));
}
