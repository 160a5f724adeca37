import { collect, noted, writeNote } from "@attend/cli-kit";
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

/** Flags of `train`, which holds out photos to choose the best weights. */
export interface TrainingSetFlags extends SetFlags {
  readonly validationImages?: string;
  readonly validationCaptions?: string;
  readonly validationSplit?: string;
  readonly heldOut?: number;
}

/** @param parts the default of `--part` */
export function addSetOptions(command: Command, parts: string): Command {
  return command
    .requiredOption("--images <folder>", "the photos; repeatable, for several sets", collect)
    .requiredOption("--captions <file>", "their captions; one for each --images", collect)
    .option(
      "--split <file>",
      "use only these photos, one name per line; one for each --images",
      collect,
      [],
    )
    .addOption(
      new Option(
        "--part <name>",
        `if captions have parts (Karpathy's JSON, a split column): train, val or test; repeatable (default: ${parts})`,
      )
        .argParser(collect)
        .conflicts("split"),
    )
    .option("--image-column <name>", "column or field with the photo's name (default: image)")
    .option("--caption-column <name>", "column or field with the caption (default: caption)")
    .option("--allow-missing", "skip captions whose photo is missing", false);
}

/** Reads the sets' photos of `parts`; warnings go to stderr. */
export async function readSets(flags: SetFlags, parts: readonly string[]): Promise<CaptionSet[]> {
  const { readCaptions } = await import("@attend/datasets");
  const { images, captions, split, allowMissing } = flags;
  if (captions.length !== images.length || ![0, images.length].includes(split.length)) {
    throw new AttendError(
      "BAD_ARGUMENT",
      `${images.length} --images, ${captions.length} --captions and ${split.length} --split were given; each --images needs its --captions, and either all or none a --split`,
    );
  }
  const sets: CaptionSet[] = [];
  for (const [i, imagesDirectory] of images.entries()) {
    const reading = readCaptions(captions[i] ?? "", {
      name: `set ${i + 1}`,
      imagesDirectory,
      split: split[i],
      parts,
      columns: { image: flags.imageColumn, caption: flags.captionColumn },
      allowMissing,
    });
    sets.push(await noted(reading));
  }
  if (flags.part !== undefined && sets.every((set) => set.parts === undefined)) {
    const message = `${captions.join(", ")} has no parts for --part to select; leave it out, or select photos with --split`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  return sets;
}

/** The photos of the sets for which `isUsed` holds, as one set. */
export async function joinSets(
  sets: readonly CaptionSet[],
  isUsed: IsUsed = () => true,
): Promise<CaptionSet> {
  const { mergeCaptionSets } = await import("@attend/datasets");
  const chosen = sets.map((set) => ({ ...set, images: set.images.filter(isUsed) }));
  const [first] = chosen;
  return first !== undefined && chosen.length === 1 ? first : mergeCaptionSets(chosen);
}

type IsUsed = (image: CaptionedImage) => boolean;

/** Reports how the parts of each set are used, and which are left out. */
export async function reportParts(
  sets: readonly CaptionSet[],
  uses: Readonly<Record<string, IsUsed>>,
): Promise<void> {
  const { describeParts } = await import("@attend/datasets");
  for (const { images, parts } of sets) {
    if (parts === undefined) continue;
    const rest = new Map(parts);
    const notes = Object.entries(uses).flatMap(([use, isUsed]) => {
      const used = new Set(images.filter(isUsed).flatMap(({ part }) => part ?? []));
      for (const part of used) rest.delete(part);
      return used.size === 0 ? [] : [`${use}: part ${[...used].join(" and ")}`];
    });
    if (rest.size > 0) notes.push(`left out: ${describeParts(rest)}`);
    writeNote(notes.join("; "));
  }
}

/** The photos to train on, and those used to choose the best weights. */
export async function readTrainingSets(flags: TrainingSetFlags, seed: number) {
  const { validationImages, validationCaptions, validationSplit, heldOut } = flags;
  if (
    [validationImages, validationCaptions].includes(undefined) &&
    (validationImages ?? validationCaptions ?? validationSplit)
  ) {
    const message =
      "validation photos need both --validation-images and --validation-captions; pass both or neither";
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const { isPart, splitCaptionSet } = await import("@attend/datasets");
  const { part: parts = ["train"], split } = flags;
  const sets = await readSets(flags, [...parts, "val"]);
  const isForValidation = ({ part }: CaptionedImage) =>
    split.length === 0 && part !== undefined && !parts.some((name) => isPart(part, name));
  const isForTrain = (image: CaptionedImage) => !isForValidation(image);
  const all = await joinSets(sets, isForTrain);
  if (validationImages !== undefined && validationCaptions !== undefined) {
    await reportParts(sets, { train: isForTrain });
    const validation = await readSets(
      {
        ...flags,
        images: [validationImages],
        captions: [validationCaptions],
        split: validationSplit === undefined ? [] : [validationSplit],
        part: undefined,
      },
      ["val"],
    );
    await reportParts(validation, { validation: () => true });
    return separate(all, await joinSets(validation));
  }
  await reportParts(sets, { train: isForTrain, validation: isForValidation });
  if (sets.some(({ images }) => images.some(isForValidation))) {
    if (heldOut !== undefined) {
      writeNote("--held-out is ignored: the captions have a validation part");
    }
    return separate(all, await joinSets(sets, isForValidation));
  }
  const divided = splitCaptionSet(all, {
    heldOut: heldOut ?? defaultHeldOut(all.images.length),
    seed,
  });
  return { train: divided.train.images, validation: divided.heldOut.images };
}

/** A twentieth, but at least two: one is not enough, see `checkData`. From very few photos, two are too many. */
function defaultHeldOut(photos: number): number {
  return photos < 4 ? 0.05 : Math.max(0.05, 2 / photos);
}

/** Removes validation photos from the training photos. */
function separate(train: CaptionSet, validation: CaptionSet) {
  const held = new Set(validation.images.map(({ file }) => file));
  return {
    train: train.images.filter(({ file }) => !held.has(file)),
    validation: validation.images,
  };
}
