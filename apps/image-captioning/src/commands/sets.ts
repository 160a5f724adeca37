import { writeNote } from "@attend/cli-kit";
import type { CaptionedImage, CaptionSet } from "@attend/datasets";
import { AttendError } from "@attend/runtime/errors";
import { type Command, Option } from "commander";

/** Flags that name one or more sets of captioned photos. */
export interface SetFlags {
  readonly images: readonly string[];
  readonly captions: readonly string[];
  readonly split: readonly string[];
  readonly part?: readonly string[] | undefined;
  readonly imageColumn?: string;
  readonly captionColumn?: string;
  readonly allowMissing: boolean;
}

/** @param parts what is taken without `--part` */
export function addSetOptions(command: Command, parts: string): Command {
  return command
    .requiredOption("--images <folder>", "the photos; repeat it for several sets", collect)
    .requiredOption("--captions <file>", "their captions, one for each --images", collect)
    .option(
      "--split <file>",
      "only these photos, a name a line; one for each --images",
      collect,
      [],
    )
    .addOption(
      new Option(
        "--part <name>",
        `of captions with parts (Karpathy's JSON, a column split): train, val or test; repeatable (default: ${parts})`,
      )
        .argParser(collect)
        .conflicts("split"),
    )
    .option("--image-column <name>", "the column or field of the photo's name (default: image)")
    .option("--caption-column <name>", "the column or field of the caption (default: caption)")
    .option("--allow-missing", "leave out captions whose photo is not there", false);
}

/** Reads the sets' photos of `parts`; what is odd about them, and which parts there are, goes to stderr. */
export async function readSets(flags: SetFlags, parts: readonly string[]): Promise<CaptionSet[]> {
  const { readCaptions } = await import("@attend/datasets");
  const { images, captions, split, allowMissing } = flags;
  if (captions.length !== images.length || ![0, images.length].includes(split.length)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${images.length} --images, ${captions.length} --captions and ${split.length} --split were given; give each --images its --captions, and a --split to all or none`,
    );
  }
  const sets: CaptionSet[] = [];
  for (const [i, imagesDirectory] of images.entries()) {
    const set = await readCaptions(captions[i] ?? "", {
      name: `set ${i + 1}`,
      imagesDirectory,
      split: split[i],
      parts,
      columns: { image: flags.imageColumn, caption: flags.captionColumn },
      allowMissing,
    });
    for (const warning of set.warnings) writeNote(`warning: ${warning}`);
    sets.push(set);
  }
  if (flags.part !== undefined && sets.every((set) => set.parts === undefined)) {
    const message = `${captions.join(", ")} has no parts to choose by --part; leave it out, or name the photos by --split`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  return sets;
}

/** The photos of the sets for which `isTaken` holds, as one set. */
export async function joinSets(
  sets: readonly CaptionSet[],
  isTaken: IsTaken = () => true,
): Promise<CaptionSet> {
  const { mergeCaptionSets } = await import("@attend/datasets");
  const chosen = sets.map((set) => ({ ...set, images: set.images.filter(isTaken) }));
  const [first] = chosen;
  return first !== undefined && chosen.length === 1 ? first : mergeCaptionSets(chosen);
}

type IsTaken = (image: CaptionedImage) => boolean;

/** Tells, for each set that has parts, which are put to what use and which are left out. */
export async function tellParts(
  sets: readonly CaptionSet[],
  uses: Readonly<Record<string, IsTaken>>,
): Promise<void> {
  const { describeParts } = await import("@attend/datasets");
  for (const { images, parts } of sets) {
    if (parts === undefined) continue;
    const rest = new Map(parts);
    const told = Object.entries(uses).flatMap(([use, isTaken]) => {
      const taken = new Set(images.filter(isTaken).flatMap(({ part }) => part ?? []));
      for (const part of taken) rest.delete(part);
      return taken.size === 0 ? [] : [`${use}: part ${[...taken].join(" and ")}`];
    });
    if (rest.size > 0) told.push(`left out: ${describeParts(rest)}`);
    process.stderr.write(`${told.join("; ")}\n`);
  }
}

/** For an option that may be repeated. */
function collect(value: string, former: readonly string[] = []): string[] {
  return [...former, value];
}
