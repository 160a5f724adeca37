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

/** Flags of a training, which holds some photos back to choose the best weights. */
export interface TrainingSetFlags extends SetFlags {
  readonly validationImages?: string;
  readonly validationCaptions?: string;
  readonly validationSplit?: string;
  readonly heldOut?: number;
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
    writeNote(told.join("; "));
  }
}

/** The photos to train on, and those that choose the best weights. */
export async function readTrainingSets(flags: TrainingSetFlags, seed: number) {
  const { validationImages, validationCaptions, validationSplit, heldOut } = flags;
  if (
    [validationImages, validationCaptions].includes(undefined) &&
    (validationImages ?? validationCaptions ?? validationSplit)
  ) {
    const message =
      "validation photos need both --validation-images and --validation-captions; give both or neither";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const { isPart, splitCaptionSet } = await import("@attend/datasets");
  const { part: asked = ["train"], split } = flags;
  const sets = await readSets(flags, [...asked, "val"]);
  const isForValidation = ({ part }: CaptionedImage) =>
    split.length === 0 && part !== undefined && !asked.some((name) => isPart(part, name));
  const isForTrain = (image: CaptionedImage) => !isForValidation(image);
  const all = await joinSets(sets, isForTrain);
  if (validationImages !== undefined && validationCaptions !== undefined) {
    await tellParts(sets, { train: isForTrain });
    const own = await readSets(
      {
        ...flags,
        images: [validationImages],
        captions: [validationCaptions],
        split: validationSplit === undefined ? [] : [validationSplit],
        part: undefined,
      },
      ["val"],
    );
    await tellParts(own, { validation: () => true });
    return apart(all, await joinSets(own));
  }
  await tellParts(sets, { train: isForTrain, validation: isForValidation });
  if (sets.some(({ images }) => images.some(isForValidation))) {
    if (heldOut !== undefined) {
      writeNote("--held-out is not needed: the captions have a part for the validation");
    }
    return apart(all, await joinSets(sets, isForValidation));
  }
  const divided = splitCaptionSet(all, {
    heldOut: heldOut ?? usualHeldOut(all.images.length),
    seed,
  });
  return { train: divided.train.images, validation: divided.heldOut.images };
}

/** A twentieth, but two at least: one photo tells nothing, see `checkData`; of very few none can be spared unasked. */
function usualHeldOut(photos: number): number {
  return photos < 4 ? 0.05 : Math.max(0.05, 2 / photos);
}

/** No photo is trained on that validates, too. */
function apart(train: CaptionSet, validation: CaptionSet) {
  const held = new Set(validation.images.map(({ file }) => file));
  return {
    train: train.images.filter(({ file }) => !held.has(file)),
    validation: validation.images,
  };
}

/** For an option that may be repeated. */
function collect(value: string, former: readonly string[] = []): string[] {
  return [...former, value];
}
