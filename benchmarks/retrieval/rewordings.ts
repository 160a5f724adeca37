import { join } from "node:path";
import { readLabeledTexts } from "@attend/datasets";
import type { FaqPair } from "@attend/retrieval";
import { createRandom } from "@attend/runtime/random";

/** A FAQ with one wording a question, other wordings to ask, and questions that it does not answer. */
export interface Rewordings {
  readonly pairs: readonly FaqPair[];
  readonly questions: readonly { readonly text: string; readonly pair: number }[];
  /** Of the same subjects: their pairs are left out. */
  readonly unanswered: readonly string[];
}

export interface IntentData {
  readonly name: string;
  readonly taught: readonly { readonly text: string; readonly intent: string }[];
  readonly asked: readonly { readonly text: string; readonly intent: string }[];
  readonly answers: ReadonlyMap<string, string>;
}

export const outOfScope = "oos";

/**
 * CLINC150 and BANKING77. A seeded fifth of BANKING77 is held out; CLINC150 has a part of its own for validation.
 *
 * @param data the folder `intents`
 */
export async function readIntentData(data: string) {
  const read = async (file: string) => (await readLabeledTexts(join(data, file))).examples;
  const banking = createRandom(77).shuffle([...(await read("banking77_train.tsv.gz"))]);
  const held = Math.floor(banking.length / 5);
  const answers = await readLabeledTexts(join(import.meta.dirname, "banking77-answers.tsv"));
  const clinc = await read("clinc150_train.tsv.gz");
  return {
    clinc: {
      name: "CLINC150",
      taught: clinc,
      asked: await read("clinc150_val.tsv.gz"),
      answers: new Map(clinc.map(({ intent }) => [intent, `${intent.replaceAll("_", " ")}.`])),
    },
    banking: {
      name: "BANKING77",
      taught: banking.slice(held),
      asked: banking.slice(0, held),
      answers: new Map(answers.examples.map(({ text, intent }) => [text, intent])),
    },
  };
}

/**
 * Teaches one wording of each intent, chosen by a seed, and asks the others; a fifth of the intents is not taught.
 *
 * @param count of questions of each kind
 */
export function rewordingsOf(
  { taught, asked, answers }: IntentData,
  seed: number,
  count: number,
): Rewordings {
  const random = createRandom(seed);
  const intents = random.shuffle([...answers.keys()].filter((intent) => intent !== outOfScope));
  const left = new Set(intents.slice(0, Math.floor(intents.length / 5)));
  const wordings = new Map(
    random.shuffle([...taught]).map(({ text, intent }) => [intent, text] as const),
  );
  const known = intents.filter((intent) => !left.has(intent));
  const pairs = known.map((intent) => ({
    questions: [wordings.get(intent) ?? ""],
    answer: answers.get(intent) ?? "",
  }));
  const places = new Map(known.map((intent, pair) => [intent, pair]));
  const others = random
    .shuffle([...asked])
    .filter(({ text, intent }) => wordings.get(intent) !== text);
  return {
    pairs,
    questions: others
      .flatMap(({ text, intent }) => {
        const pair = places.get(intent);
        return pair === undefined ? [] : [{ text, pair }];
      })
      .slice(0, count),
    unanswered: others
      .filter(({ intent }) => left.has(intent))
      .map(({ text }) => text)
      .slice(0, count),
  };
}
