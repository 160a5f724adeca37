import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readAllLines } from "@attend/datasets";
import { describeWithData, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRepairer, type Repairer, scoreTexts } from "../src/index.ts";

useEngine();

describe("the shipped repairer", () => {
  let repairer: Repairer;
  beforeAll(async () => {
    repairer = await loadRepairer();
  });
  afterAll(() => repairer.dispose());

  const repaired = async (text: string) => (await repairer.repair(text)).text;

  it.each([
    ["hello how are you", "Hello, how are you?"],
    [
      "HELLO MY NAME IS JOHN AND I AM FROM GERMANY",
      "Hello, my name is John, and I am from Germany.",
    ],
    ["teh dog is hapy becuase it recieved a bone", "The dog is happy because it received a bone."],
    ["mr smith paid three hundred and two dollars", "Mr. Smith paid 302 dollars."],
    ["we were in london in nineteen eighty four", "We were in London in 1984."],
  ])("repairs %s", async (text, expected) => {
    expect(await repaired(text)).toBe(expected);
  });

  it.each([
    "A man is walking his dog. Two women, one in red, are talking.",
    "My iPhone costs $3,500.50, doesn't it?",
    "Dr. Katz met Xylo at 5 p.m. in the U.S.",
    "Use foo_bar() or README.md; see https://example.com/a,b for more.",
    "“Stop!” he says.",
    "",
    " … ",
  ])("leaves %s", async (text) => {
    expect(await repairer.repair(text)).toMatchObject({ text, changes: [] });
  });

  it("says what it changed, where, and why", async () => {
    const { text, sentences, changes } = await repairer.repair("where is tom\ni dont know");
    expect(text).toBe("Where is Tom?\nI don't know.");
    expect(sentences).toEqual(["Where is Tom?", "I don't know."]);
    for (const { start, end, to } of changes) expect(text.slice(start, end)).toBe(to);
    expect(changes.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ["where", "Where", "start of a sentence"],
      ["tom", "Tom", "name"],
      ["", "?", "question"],
      ["i", "I", "the pronoun I"],
      ["dont", "don't", "spelling"],
      ["", ".", "end of a sentence"],
    ]);
  });

  it("does only what is asked for", async () => {
    const text = "i recieved twenty five letters";
    const none = { spelling: false, numbers: false, punctuation: false, casing: false };
    const only = async (stage: object) => (await repairer.repair(text, { ...none, ...stage })).text;
    expect(await only({})).toBe(text);
    expect(await only({ spelling: true })).toBe("i received twenty five letters");
    expect(await only({ numbers: true })).toBe("i recieved 25 letters");
    expect(await only({ punctuation: true })).toBe("i recieved twenty five letters.");
    expect(await only({ casing: true })).toBe("I recieved twenty five letters");
  });

  it("takes the most probable hypothesis, and words of others for those that are not known", async () => {
    const heard = [
      { text: "the dog is on the grass", score: -9 },
      { text: "the dog is on the grasp", score: -8 },
      { text: "the dog is in the grabz", score: -1 },
    ];
    expect((await repairer.repair(heard)).text).toBe("The dog is in the grass.");
    expect((await repairer.repair([])).text).toBe("");
  });

  it("yields each sentence of a stream as soon as it is complete", async () => {
    const pieces = [
      "where is tom",
      "i do not know.",
      "he said that he was going",
      "to the station",
    ];
    let read = 0;
    async function* talk() {
      for (const piece of pieces) {
        read++;
        yield piece;
      }
    }
    const found: [string, number][] = [];
    for await (const { text, changes } of repairer.repairStream(talk())) {
      found.push([text, read]);
      for (const { start, end, to } of changes) expect(text.slice(start, end)).toBe(to);
    }
    expect(found).toEqual([
      ["Where is Tom?", 2],
      ["I do not know.", 2],
      ["He said that he was going to the station.", 4],
    ]);
  });

  it("stops when asked to", async () => {
    const options = { signal: AbortSignal.abort() };
    await expect(repairer.repair("hello", options)).rejects.toMatchObject({ code: "INTERRUPTED" });
  });

  describeWithData("Multi30k", ["multi30k"], (folder) => {
    it("hardly changes captions that are right, and restores those that are not", async () => {
      const captions = (await readAllLines(join(folder, "val.en.gz"))).slice(0, 200);
      const right = captions.filter((caption) => /^[A-Z].*\.$/.test(caption));
      const changes = [];
      for (const caption of right) changes.push(...(await repairer.repair(caption)).changes);
      expect(right.length).toBeGreaterThan(150);
      expect(changes.length).toBeLessThanOrEqual(2);

      const expected = right.slice(0, 50).join(" ");
      const found = await repaired(expected.toLowerCase().replace(/[.,](?!\d)/g, ""));
      expect(scoreTexts([{ found, expected }]).punctuation.micro.f1).toBeGreaterThan(0.75);
    });
  });
});

describe("the shipped German repairer", () => {
  let repairer: Repairer;
  beforeAll(async () => {
    repairer = await loadRepairer({ language: "de" });
  });
  afterAll(() => repairer.dispose());

  it.each([
    [
      "ein mann fährt mit dem fahrrad durch die stadt",
      "Ein Mann fährt mit dem Fahrrad durch die Stadt.",
    ],
    ["ich glaube dass er morgen kommt", "Ich glaube, dass er morgen kommt."],
    ["wo ist der bahnhof", "Wo ist der Bahnhof?"],
    ["das haus kostet zweihundertdrei euro", "Das Haus kostet 203 Euro."],
  ])("repairs %s", async (text, expected) => {
    expect((await repairer.repair(text)).text).toBe(expected);
  });

  it.each(["Ein Hund rennt durch den Schnee.", "Am 3. Mai kam Dr. Müller nach Köln."])(
    "leaves %s",
    async (text) => {
      expect(await repairer.repair(text)).toMatchObject({ text, changes: [] });
    },
  );

  it("is not taken for another language", async () => {
    const model = dirname(fileURLToPath(import.meta.resolve("@attend/repair-de/package.json")));
    await expect(loadRepairer({ language: "en", model })).rejects.toMatchObject({
      code: "BAD_ARGUMENT",
      message: expect.stringMatching(/repairs texts in "de", not "en"/),
    });
  });
});

it("repairs numbers and first letters in a language without a model", async () => {
  const repairer = await loadRepairer({ language: "fr" });
  const { text } = await repairer.repair("il a vingt cinq ans. elle aussi");
  expect(text).toBe("Il a 25 ans. Elle aussi");
  repairer.dispose();
});
