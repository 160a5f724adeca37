import { readQuestionSet, splitByImage } from "@attend/datasets";
import { loadWuPalmer, setAccuracy, wups } from "@attend/metrics";
import { answerOf, type QuestionOnPhoto } from "../../../apps/visual-qa/src/dataset.ts";

interface Settings {
  /** The encoder, as in the config of `attend-vqa train`. */
  readonly encoder: Readonly<Record<string, unknown>>;
  readonly imageSize: number;
  readonly training: "frozen" | "end-to-end";
  readonly epochs: number;
  /** Whether WUPS is one of the scores. */
  readonly wups: boolean;
}

/** A set of questions, and how models are trained and scored on it. */
export interface FusionSet extends Settings {
  readonly name: string;
  readonly train: readonly QuestionOnPhoto[];
  /** About other photos: they choose the epoch. */
  readonly validation: readonly QuestionOnPhoto[];
  /** About photos that are used for nothing else. */
  readonly test: readonly QuestionOnPhoto[];
}

/** Joins the items of a list into one answer; a normalized answer contains none. */
const and = " & ";

const sets: Readonly<Record<string, Settings>> = {
  "easy-vqa": {
    encoder: { kind: "small-cnn", imageSize: 64, widths: [8, 16, 32, 64] },
    imageSize: 64,
    training: "end-to-end",
    epochs: 4,
    wups: false,
  },
  daquar: {
    encoder: { kind: "efficientnet-lite", variant: 2 },
    imageSize: 260,
    training: "frozen",
    epochs: 15,
    wups: true,
  },
};

export const setNames = Object.keys(sets);

/**
 * Reads a set: the official training part, a twentieth of whose photos chooses the epoch, and the official test of
 * easy-VQA, or a tenth of DAQUAR's training photos.
 *
 * @param limit the largest number of questions of training (with validation) and of the test
 * @throws AttendError DATA_MISSING, also without WordNet for WUPS
 */
export async function readSet(name: string, limit: number | undefined): Promise<FusionSet> {
  const settings = sets[name];
  if (settings === undefined) throw new TypeError(`no set ${name}`);
  // Without WordNet, this fails now rather than after the training.
  if (settings.wups) await loadWuPalmer();
  const read = async (part: "train" | "dev") =>
    (await readQuestionSet(name, part)).rows.slice(0, limit);
  const { train, heldOut } = splitByImage(await read("train"), { heldOut: 0.05, seed: 1 });
  const located = (rows: Awaited<ReturnType<typeof read>>) =>
    rows.map(({ photo = "", question, answers }) => {
      return { file: photo, question, answers: [answers.join(and)] };
    });
  return {
    ...settings,
    name,
    train: located(train),
    validation: located(heldOut),
    test: located(await read("dev")),
  };
}

/** The scores of answers to the test's questions, by name. */
export async function scoreTest(
  { test, wups: hasWups }: FusionSet,
  given: readonly string[],
): Promise<Record<string, number>> {
  const answers = given.map(asList);
  const expected = test.map(answerOf).map(asList);
  const { score } = setAccuracy(answers, expected);
  return hasWups
    ? { accuracy: score, "WUPS@0.9": (await wups(answers, expected)).score }
    : { accuracy: score };
}

/** An answer as these metrics compare it: items separated by commas, words joined as in WordNet. */
function asList(answer: string): string {
  return answer.replaceAll(and, ",").replaceAll(" ", "_");
}
