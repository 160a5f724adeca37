import { describeWithData } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import {
  type CaptionSet,
  type QuestionRow,
  questionsFromCaptions,
  readDataSet,
} from "../../src/index.ts";

/** A set with one photo for each list of captions. */
function setOf(photos: readonly (readonly string[])[]): CaptionSet {
  let line = 1;
  return {
    source: "set",
    images: photos.map((captions, index) => ({
      id: `${index}.jpg`,
      file: `/photos/${index}.jpg`,
      captions: captions.map((text) => ({ text, line: ++line })),
    })),
    warnings: [],
  };
}

/** The questions of a type about a photo with these captions, with their answers. */
async function ask(kind: string, ...captions: string[]): Promise<Record<string, string[]>> {
  const rows = await questionsFromCaptions(setOf([captions]), { seed: 1 });
  const some = rows.filter(({ source }) => source === `captions-${kind}`);
  return Object.fromEntries(some.map(({ question, answers }) => [question, [...answers]]));
}

describe("objects", () => {
  test("who or what does what", async () => {
    expect(await ask("object", "A man in a red hat is riding a brown horse .")).toEqual({
      "What is the man riding?": ["horse"],
      "Who is riding the horse?": ["man"],
    });
    expect(await ask("object", "Two dogs run after a ball")).toEqual({});
    expect(await ask("object", "A puppy jumps over a log.")).toEqual({
      "What is the puppy jumping over?": ["log"],
      "What animal is jumping over the log?": ["puppy"],
    });
  });
  test("what is where", async () => {
    expect(await ask("object", "A laptop on a wooden table.")).toEqual({
      "What is on the table?": ["laptop"],
    });
    expect(await ask("object", "A boy in a blue shirt.")).toEqual({
      "Who is wearing the shirt?": ["boy"],
    });
  });
  test("nouns that look like verbs, and verbs that look like nouns", async () => {
    expect(await ask("object", "A boy holds a fishing net.")).toEqual({});
    expect(await ask("object", "A woman waiting at a train stop.")).toMatchObject({
      "What is the woman waiting at?": ["stop"],
    });
    expect(await ask("object", "A man practicing boxing")).toEqual({});
    expect(await ask("object", "Two people standing near each other playing cards")).toEqual({});
    expect(await ask("color", "An old bathroom with a black marble sink.")).toEqual({
      "What color is the marble sink?": ["black"],
    });
    expect(await ask("activity", "A young fair skinned boy climbs a tree")).toEqual({
      "What is the boy doing?": ["climbing tree"],
    });
  });
  test("nothing that its own words answer", async () => {
    expect(await ask("object", "A dog chases another dog")).toEqual({});
    expect(await ask("object", "A skier skis down a slope")).toEqual({});
    expect(await ask("activity", "A skier skis down a slope")).toEqual({});
  });
  test("games have no article", async () => {
    expect(await ask("object", "Three men are playing baseball")).toEqual({
      "What are the men playing?": ["baseball"],
      "Who is playing baseball?": ["men"],
    });
  });
  test("all captions answer", async () => {
    const captions = [
      "A girl holding a phone.",
      "A girl holds a phone",
      "A girl is holding a cat.",
    ];
    expect(await ask("object", ...captions)).toMatchObject({
      "What is the girl holding?": ["phone", "phone", "cat"],
    });
  });
  test.each([
    ["a part or position", "A man standing on top of a hill"],
    ["one of two", "A woman riding a horse and a pony"],
    ["what a bowl contains", "A bird eating a bowl of seeds"],
    ["nobody in particular", "Something holding a thing"],
    ["whose verb it may not be", "A man with a dog running through the water"],
  ])("none for %s", async (_, caption) => {
    expect(await ask("object", caption)).toEqual({});
  });
});

test("numbers", async () => {
  expect(await ask("number", "Two black dogs and three cats")).toEqual({
    "How many dogs are there?": ["2"],
    "How many cats are there?": ["3"],
  });
  expect(await ask("number", "A group of 4 people")).toEqual({
    "How many people are there?": ["4"],
  });
  expect(await ask("number", "Two dogs", "Three dogs")).toEqual({});
  expect(await ask("number", "Two birds chase another bird")).toEqual({});
  expect(await ask("number", "A girl with three other girls")).toEqual({});
  expect(await ask("number", "A two year old boy")).toEqual({});
});

test("colors", async () => {
  expect(await ask("color", "A man in a grey shirt with a black and white dog")).toEqual({
    "What color is the man's shirt?": ["gray"],
    "What color is the dog?": ["black and white"],
  });
  expect(await ask("color", "Girls wearing green pants")).toEqual({
    "What color are the pants?": ["green"],
  });
  expect(await ask("color", "A red car", "A blue car")).toEqual({});
  expect(await ask("color", "A brown dog and a black dog")).toEqual({});
  expect(await ask("color", "A black and white photo of a white man")).toEqual({});
  expect(await ask("color", "A white tiled bathroom with a red haired girl")).toEqual({});
});

test("places", async () => {
  expect(await ask("place", "A group of dogs runs on the beach", "The dogs in the sand")).toEqual({
    "Where are the dogs running?": ["beach"],
    "Where are the dogs?": ["sand"],
  });
  expect(await ask("place", "A dog runs through the snow covered field .")).toEqual({
    "Where is the dog running?": ["field"],
  });
  expect(await ask("place", "A man rides a bike down a city street")).toEqual({
    "Where is the man?": ["city street"],
  });
  expect(await ask("place", "A man looking at the ocean")).toEqual({});
});

test("activities", async () => {
  expect(await ask("activity", "A man is standing", "A man rides a skate board")).toEqual({
    "What is the man doing?": ["skateboarding"],
  });
  expect(await ask("activity", "Two boys play soccer in a park")).toEqual({
    "What are the boys doing?": ["playing soccer"],
  });
  expect(await ask("activity", "A cat sitting on a couch")).toEqual({
    "What is the cat doing?": ["sitting"],
  });
  expect(await ask("activity", "A train running on tracks", "A man is riding.")).toEqual({});
});

describe("yes and no", () => {
  const yesNo = async (photos: readonly (readonly string[])[], seed = 1) =>
    (await questionsFromCaptions(setOf(photos), { seed })).filter(
      ({ source }) => source === "captions-yes-no",
    );
  const plain = (rows: readonly QuestionRow[]) =>
    rows.map(({ image, question, answers: [answer] }) => {
      const thing = question.replace(/^.* (\w+)( in the picture)?\?$/, "$1");
      return `${image} ${thing} ${answer}`;
    });

  test("each question is asked of two photos, with both answers", async () => {
    const photos = [["A dog outside"], ["A cat outside"]];
    expect(plain(await yesNo(photos)).sort()).toEqual([
      "0.jpg cat no",
      "0.jpg dog yes",
      "1.jpg cat yes",
      "1.jpg dog no",
    ]);
    expect(plain(await yesNo([["A red ball"], ["A blue ball"]])).sort()).toEqual([
      "0.jpg blue no",
      "0.jpg red yes",
      "1.jpg blue yes",
      "1.jpg red no",
    ]);
    expect(plain(await yesNo([["A man is surfing"], ["A man is cooking"]])).sort()).toEqual([
      "0.jpg cooking no",
      "0.jpg surfing yes",
      "1.jpg cooking yes",
      "1.jpg surfing no",
    ]);
  });
  test.each([
    ["of another kind", ["A dog outside"], ["A truck outside"]],
    ["that is there, too", ["A dog outside"], ["A cat outside", "A puppy outside"]],
    ["that a general word may mean", ["A dog outside"], ["A cat outside", "Some animal outside"]],
    [
      "that another thing is named after",
      ["A bus outside"],
      ["A car outside", "A boat and a bus stop"],
    ],
    ["that may be called so", ["A brown chair"], ["A tan chair"]],
    ["that may be done at once", ["A dog is running"], ["A dog is jumping"]],
    ["that only one of many captions names", ["A dog", "A tree", "A tree"], ["A cat"]],
  ])("nothing is asked for %s", async (_, one, other) => {
    expect(await yesNo([one, other])).toEqual([]);
  });
});

test("a row has the photo, the set's name and the caption's line", async () => {
  const rows = await questionsFromCaptions(setOf([["A tree"], ["A shadow", "A red kite"]]), {
    seed: 1,
  });
  expect(rows).toEqual([
    {
      image: "1.jpg",
      photo: "/photos/1.jpg",
      question: "What color is the kite?",
      answers: ["red"],
      source: "captions-color",
      file: "set",
      line: 4,
    },
  ]);
  expect(await questionsFromCaptions(setOf([]), { seed: 1 })).toEqual([]);
  expect(await questionsFromCaptions(setOf([["!"], [""]]), { seed: 1 })).toEqual([]);
});

describeWithData("coco8k's dev captions", ["coco8k"], () => {
  test("make many questions, whose words do not tell yes from no", async () => {
    const set = await readDataSet("coco8k", "dev");
    const rows = await questionsFromCaptions(set, { seed: 1 });
    expect(rows.length).toBeGreaterThan(2000);
    expect(await questionsFromCaptions(set, { seed: 1 })).toEqual(rows);
    const balance = new Map<string, number>();
    for (const { question, answers, source } of rows) {
      if (source !== "captions-yes-no") continue;
      balance.set(question, (balance.get(question) ?? 0) + (answers[0] === "yes" ? 1 : -1));
    }
    expect(balance.size).toBeGreaterThan(100);
    expect([...balance.values()].every((sum) => sum === 0)).toBe(true);
    const other = await questionsFromCaptions(set, { seed: 2 });
    expect(other).not.toEqual(rows);
  });
});
