export interface TiffOptions {
  readonly width: number;
  readonly height: number;
  /** 8 bits per sample. */
  readonly colors: "rgb" | "cmyk";
  readonly alpha?: boolean;
  /** As in EXIF. Default 1, upright. */
  readonly orientation?: number | undefined;
  /** An ICC profile. */
  readonly profile?: Uint8Array | undefined;
}

/**
 * An uncompressed TIFF file for pixels from another decoder: in this form sharp accepts an ICC
 * profile.
 *
 * @returns the file, and a view of its pixels to fill in, in row-major order without padding
 */
export function createTiff(options: TiffOptions): { file: Buffer; pixels: Uint8Array } {
  const { width, height, colors, alpha = false, orientation = 1, profile } = options;
  const samples = (colors === "rgb" ? 3 : 4) + (alpha ? 1 : 0);
  const length = width * height * samples;
  const [short, long, opaque] = [3, 4, 7];
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, samples, 0], // bits of each sample, after the entries
    [259, short, 1, 1], // no compression
    [262, short, 1, colors === "rgb" ? 2 : 5],
    [273, long, 1, 0], // offset of the pixels
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
  const offsets = new Map([
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
    file.writeUInt32LE(offsets.get(tag) ?? value, at + 8);
  });
  for (let i = 0; i < samples; i++) file.writeUInt16LE(8, bitsAt + i * 2);
  if (profile) file.set(profile, profileAt);
  return { file, pixels: file.subarray(pixelsAt) };
}
