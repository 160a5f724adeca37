import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readWeights } from "@attend/nn";
import { expectClose, temporaryDirectory, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import type { Captions } from "../src/caption-words.ts";
import { type NamedPhoto, readCaptionsOf } from "../src/commands/captions.ts";
import { type AnswerResult, answerers, loadAnswerer } from "../src/index.ts";
import { coloredPictures } from "./fixture.ts";
import { settings, short, train } from "./support/train.ts";

useEngine();

const fusion = { ...settings.model.fusion, kind: "word-guided" };
const changes = { ...short, model: { ...settings.model, fusion }, regionWords: 3 };

/** Pictures of a colored square, and captions that name its color; the last one has none. */
async function captionedPictures(count: number) {
  const rows = await coloredPictures(temporaryDirectory(), count);
  const captions = new Map<string, readonly string[]>();
  for (const { file, question, answers } of rows.slice(0, -3)) {
    if (!question.startsWith("What")) continue;
    captions.set(file, [`The square is ${answers[0]}.`, "A rhombus, it seems."]);
  }
  return { rows, captions };
}

async function loaded(folder: string) {
  const { network, tokens, config } = await answerers.load(join(folder, "out"));
  const weights = readWeights(network);
  network.dispose();
  return { tokens, config, words: weights.get("fusion.regionWords.scores.kernel")?.data };
}

test("learns the most common words of captions that questions know, and keeps them", async () => {
  const { rows, captions } = await captionedPictures(8);
  const folder = temporaryDirectory();
  await train(rows, folder, changes, { captions });
  const first = await loaded(folder);
  const { fusion: made } = first.config;
  if (made.kind !== "word-guided") throw new Error(`the fusion is ${made.kind}`);
  const named = made.words.map((id) => first.tokens.words.token(id));
  // "is" and "the" are function words, and no question has "rhombus".
  expect(named.slice(0, 1)).toEqual(["square"]);
  expect(named.slice(1).every((word) => /^(red|green|blue|yellow)$/.test(word))).toBe(true);

  const start = { startFrom: join(folder, "out"), encoderOnly: false };
  const more = temporaryDirectory();
  await train(rows, more, changes, { start });
  const second = await loaded(more);
  expect(second.config.fusion).toEqual(first.config.fusion);
  // Without captions the words stay.
  expect(second.words).toEqual(first.words);
  const again = temporaryDirectory();
  await train(rows, again, changes, { start, captions });
  expect((await loaded(again)).words).not.toEqual(first.words);
});

test("a low-rank bilinear model that becomes word-guided answers as before at first", async () => {
  const { rows, captions } = await captionedPictures(4);
  const folder = temporaryDirectory();
  await train(rows, folder, short);
  const start = { startFrom: join(folder, "out"), encoderOnly: false };
  const still = { ...short.training, optimizer: { name: "adam", learningRate: 1e-12 } };
  const more = temporaryDirectory();
  await train(rows, more, { ...changes, training: still }, { start, captions });
  const answersOf = async (model: string) => {
    const answerer = await loadAnswerer({ model });
    const found: AnswerResult[] = [];
    for (const { file, question } of rows) {
      found.push(await answerer.ask(file, question, { attention: true }));
    }
    answerer.close();
    return found;
  };
  const [before, after] = [await answersOf(start.startFrom), await answersOf(join(more, "out"))];
  expect(after.map(({ answer }) => answer)).toEqual(before.map(({ answer }) => answer));
  for (const [i, { probability, attention }] of after.entries()) {
    expectClose(probability, before[i]?.probability ?? 0, 2e-3);
    expect(attention?.hops).toHaveLength(2);
  }
  const larger = { ...changes.model, fusion: { ...fusion, size: 16 } };
  await expect(
    train(rows, temporaryDirectory(), { ...changes, model: larger }, { start, captions }),
  ).rejects.toThrow("the weights do not match the model");
});

test("does not start without captions, or if they share no word with the questions", async () => {
  const { rows } = await captionedPictures(2);
  const run = (captions?: Captions) => train(rows, temporaryDirectory(), changes, { captions });
  await expect(run()).rejects.toThrow(
    "learns words that captions and questions share, and there are none; pass the photos' --captions",
  );
  await expect(run(new Map([[rows[0]?.file ?? "", ["Un carré."]]]))).rejects.toThrow(
    "there are none",
  );
});

test("captions are found by the names of photos, in the folder nearest to them", async () => {
  const folder = temporaryDirectory();
  const names = ["one", "two"];
  const rows: NamedPhoto[] = [];
  for (const name of names) {
    const photo = join(folder, name, "images", "0.png");
    rows.push({ image: "0.png", photo });
    await mkdir(join(folder, name));
    const lines = [
      "image,caption",
      `0.png,A square in ${name}.`,
      "0.png,It is red.",
      "9.png,Nobody asks.",
    ];
    await writeFile(join(folder, name, "captions.csv"), lines.join("\n"));
  }
  const files = names.map((name) => join(folder, name, "captions.csv"));
  expect([...(await readCaptionsOf(rows, files))]).toEqual([
    [rows[0]?.photo, ["A square in one.", "It is red."]],
    [rows[1]?.photo, ["A square in two.", "It is red."]],
  ]);
  const between = join(folder, "captions.csv");
  await writeFile(between, "image,caption\n0.png,A square.\n");
  await expect(readCaptionsOf(rows, [between])).rejects.toThrow(
    `${between} has captions of 0.png, and photos in two folders have this name; rename one of them`,
  );
});
