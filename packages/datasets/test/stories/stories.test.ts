import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeWithData, temporaryDirectory } from "@attend/test-kit";
import * as tar from "tar";
import { describe, expect, test } from "vitest";
import { parseStories, readBabi, splitStories } from "../../src/index.ts";

const two = `1 Mary moved to the bathroom.
2 John went to the hallway.
3 Where is Mary? \tbathroom\t1
4 Daniel went back to the hallway.
5 Where is Daniel?\thallway\t4
1 The office is east of the hallway.
2 How do you go there?\te,n\t1
`;

describe("stories with questions", () => {
  test("a question knows what was told before it, without other questions", () => {
    expect(parseStories(two)).toEqual([
      {
        story: ["Mary moved to the bathroom.", "John went to the hallway."],
        question: "Where is Mary?",
        answer: "bathroom",
        support: [0],
        storyIndex: 0,
      },
      {
        story: [
          "Mary moved to the bathroom.",
          "John went to the hallway.",
          "Daniel went back to the hallway.",
        ],
        question: "Where is Daniel?",
        answer: "hallway",
        support: [2],
        storyIndex: 0,
      },
      {
        story: ["The office is east of the hallway."],
        question: "How do you go there?",
        answer: "e,n",
        support: [0],
        storyIndex: 1,
      },
    ]);
  });

  test("whole stories are held out", () => {
    const questions = parseStories(two);
    const { train, heldOut } = splitStories(questions, { heldOut: 1, seed: 1 });
    expect(
      [train, heldOut].map((part) => new Set(part.map((each) => each.storyIndex)).size),
    ).toEqual([1, 1]);
    expect(train.length + heldOut.length).toBe(questions.length);
  });

  test("line ends of Windows, blank lines, and questions without support", () => {
    const text = "1 It rains.\r\n\r\n2 Does it rain?\tyes\r\n";
    expect(parseStories(text)).toMatchObject([{ answer: "yes", support: [] }]);
  });

  test.each([
    ["Mary moved.\n", 'stories.txt line 1 has no number: "Mary moved."'],
    ["1 It rains.\n2 Does it?\t\t1\n", "stories.txt line 2 has a question without an answer"],
    ["1 It rains.\n2 Does it?\tyes\t7\n", 'line 2 is supported by "7", no sentence before it'],
    ["1 It rains.\n", "stories.txt has no questions"],
    ["", "stories.txt has no questions"],
  ])("errors name the line: %j", (text, message) => {
    expect(() => parseStories(text, "stories.txt")).toThrow(message);
  });
});

describe("an archive of tasks", () => {
  async function pack(files: Readonly<Record<string, string>>): Promise<string> {
    const cwd = temporaryDirectory();
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    const file = join(temporaryDirectory(), "tasks.tgz");
    await tar.create({ file, cwd, gzip: true }, Object.keys(files));
    return file;
  }

  test("is read in the order of the tasks", async () => {
    const tasks = await readBabi(
      await pack({
        "qa10_indefinite-knowledge_train.txt": two,
        "qa10_indefinite-knowledge_test.txt": two,
        "qa2_two-supporting-facts_test.txt": two,
        "qa2_two-supporting-facts_train.txt": two,
        "README.txt": "not stories",
      }),
    );
    expect(tasks.map(({ number, name }) => `${number} ${name}`)).toEqual([
      "2 two supporting facts",
      "10 indefinite knowledge",
    ]);
    expect(tasks[0]?.train).toHaveLength(3);
  });

  test("that is none, lacks a part or holds a broken file is an error that names it", async () => {
    const text = join(temporaryDirectory(), "tasks.tgz");
    await writeFile(text, "not an archive");
    await expect(readBabi(text)).rejects.toMatchObject({ code: "BAD_DATA" });
    const lacking = await pack({ "qa1_facts_train.txt": two });
    await expect(readBabi(lacking)).rejects.toThrow("a train and a test file each");
    const broken = await pack({ "qa1_facts_train.txt": "1 No question.\n" });
    await expect(readBabi(broken)).rejects.toThrow("qa1_facts_train.txt, has no questions");
    const missing = readBabi(join(temporaryDirectory(), "missing.tgz"));
    await expect(missing).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

describeWithData("the bAbI tasks", ["babi"], () => {
  test("have 1,000 questions to train and to test each", async () => {
    const tasks = await readBabi();
    expect(tasks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    for (const { train, test: questions } of tasks) {
      expect([train.length, questions.length]).toEqual([1000, 1000]);
    }
    expect(tasks[18]?.name).toBe("path finding");
  });
});
