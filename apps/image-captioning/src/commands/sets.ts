import type { CaptionSet } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";

/** Flags that name one or more sets of captioned photos. */
export interface SetFlags {
  readonly images: readonly string[];
  readonly captions: readonly string[];
  readonly split: readonly string[];
  readonly allowMissing: boolean;
}

/** Reads the sets and makes them one; what is odd about them goes to stderr. */
export async function readSets(flags: SetFlags): Promise<CaptionSet> {
  const { mergeCaptionSets, readCaptions } = await import("@attend/datasets");
  const { images, captions, split, allowMissing } = flags;
  if (captions.length !== images.length || ![0, images.length].includes(split.length)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${images.length} --images, ${captions.length} --captions and ${split.length} --split were given; give each --images its --captions, and a --split to all or none`,
    );
  }
  const sets = await Promise.all(
    images.map((imagesDirectory, i) =>
      readCaptions(captions[i] ?? "", {
        name: `set ${i + 1}`,
        imagesDirectory,
        split: split[i],
        allowMissing,
      }),
    ),
  );
  const [first] = sets;
  const all = first !== undefined && sets.length === 1 ? first : mergeCaptionSets(sets);
  for (const warning of all.warnings) process.stderr.write(`warning: ${warning}\n`);
  return all;
}

/** For an option that may be repeated. */
export function collect(value: string, former: readonly string[] = []): string[] {
  return [...former, value];
}
