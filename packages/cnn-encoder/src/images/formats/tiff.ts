export interface TiffOptions {
  readonly width: number;
  readonly height: number;
  /** 8 bits each: red, green, blue; the four inks; with `alpha` one more. */
  readonly colours: "rgb" | "cmyk";
  readonly alpha?: boolean;
  /** As EXIF counts; default 1, upright. */
  readonly orientation?: number | undefined;
  /** An ICC profile. */
  readonly profile?: Uint8Array | undefined;
}

/**
 * An uncompressed TIFF file around pixels that another decoder gives: in this form sharp takes colours
 * with their profile.
 *
 * @returns the file, and within it the pixels to fill in, row by row without gaps
 */
export function createTiff(options: TiffOptions): { file: Buffer; pixels: Uint8Array } {
  const { width, height, colours, alpha = false, orientation = 1, profile } = options;
  const samples = (colours === "rgb" ? 3 : 4) + (alpha ? 1 : 0);
  const length = width * height * samples;
  const [short, long, opaque] = [3, 4, 7];
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, samples, 0], // bits of each sample, behind the entries
    [259, short, 1, 1], // no compression
    [262, short, 1, colours === "rgb" ? 2 : 5],
    [273, long, 1, 0], // where the pixels begin
    [274, short, 1, orientation],
    [277, short, 1, samples],
    [278, long, 1, height],
    [279, long, 1, length],
  ];
  if (alpha) entries.push([338, short, 1, 2]);
  if (profile) entries.push([34675, opaque, profile.length, 0]);
  const bitsAt = 8 + 2 + entries.length * 12 + 4;
  const profileAt = bitsAt + samples * 2;
  const pixelsAt = (profileAt + (profile?.length ?? 0) + 3) & ~3;
  const places = new Map([
    [258, bitsAt],
    [273, pixelsAt],
    [34675, profileAt],
  ]);
  const file = Buffer.alloc(pixelsAt + length);
  file.write("II*\0", "latin1");
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, count, value], i) => {
    const at = 10 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(places.get(tag) ?? value, at + 8);
  });
  for (let i = 0; i < samples; i++) file.writeUInt16LE(8, bitsAt + i * 2);
  if (profile) file.set(profile, profileAt);
  return { file, pixels: file.subarray(pixelsAt) };
}
