import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChatbot } from "../src/index.ts";
import { chat } from "./support/program.ts";

const folder = mkdtempSync(join(tmpdir(), "attend-chat-"));
const path = (name: string) => join(folder, name);
const [pairs, model] = [path("pairs.csv"), path("bot")];

const shipping = "We ship to <b>all</b> of Europe.";
const returns = 'Within 30 days, in the "original" box.';
const csv = `question,answer
Do you ship abroad?|Can you send a parcel to France?,${shipping}
How can I return a shoe?,"${returns.replaceAll('"', '""')}"
How do I return shoes that do not fit?,"${returns.replaceAll('"', '""')}"
What does shipping cost?|How much is delivery?,Five euros.
Is there a shop in Berlin?,"Yes, in Main Street."
is there a shop in berlin,"No, only online."
`;

describe("a FAQ", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    await writeFile(pairs, csv);
    const { code, stdout, stderr } = await chat([
      "train",
      "--faq",
      pairs,
      "--out",
      model,
      "--quiet",
    ]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `warning: ${pairs} line 7: "is there a shop in berlin" has another answer than on line 6, which is kept; correct one of them\n`,
    });
    expect(stdout).toMatch(/bot: 4 answers to 7 questions, learned in /);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("each line gives a row of JSON, with the answer word for word and its line", async () => {
    const input = path("questions.txt");
    await writeFile(
      input,
      "Can you send a parcel to France?\n\nHow do I return shoes that do not fit?\n",
    );
    const { code, stdout } = await chat(["--model", model, "--input", input, "--json"]);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toEqual([
      {
        question: "Can you send a parcel to France?",
        ...{ answer: shipping, confidence: expect.any(Number), confident: expect.any(Boolean) },
        source: { text: "Can you send a parcel to France?", file: relative("", pairs), line: 2 },
      },
      { question: "", error: expect.stringContaining("line 2: the question is empty") },
      expect.objectContaining({ answer: returns, source: expect.objectContaining({ line: 4 }) }),
    ]);
    expect(code).toBe(1);
  });

  test("a conversation: HTML is shown as text, /why cites, and an edit is noticed", async () => {
    const stdin = "Do you ship abroad?\n/why\nwhat is the capital of Peru?\n/quit\n";
    const { code, stdout, stderr } = await chat(["--model", model], { stdin });
    const [answer, why, unknown] = stdout.split("\n");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(answer).toBe("We ship to all of Europe.");
    expect(why).toMatch(/pairs\.csv line 2, "Do you ship abroad\?" \(\d\.\d\d\); then "/);
    expect(unknown).toMatch(/^I do not know; the nearest I have is "/);
    await writeFile(pairs, csv.replace("Five", "Six"));
    const edited = await chat(["--model", model, "What does shipping cost?"]);
    await writeFile(pairs, csv);
    expect(edited.stdout).toBe("Five euros.\n");
    expect(edited.stderr).toMatch(
      /^note: .*pairs\.csv was edited after the bot learned it; teach it again with `attend-chat train --faq /,
    );
  });

  test("is scored, and its curve drawn", async () => {
    const questions = path("test.tsv");
    const rows = ["Do you ship abroad?\tDo you ship abroad?", `How much is delivery?\tFive euros.`];
    await writeFile(questions, `question\tanswer\n${rows.join("\n")}\nWho are you?\t\n`);
    const curve = path("curve.png");
    const flags = ["--model", model, "--questions", questions, "--curve", curve, "--json"];
    const { code, stdout } = await chat(["evaluate", ...flags]);
    expect(JSON.parse(stdout)).toMatchObject({
      questions: 2,
      hit1: 1,
      hit3: 1,
      mrr: 1,
      unanswerable: 1,
    });
    expect((await readFile(curve)).subarray(1, 4).toString()).toBe("PNG");
    expect(code).toBe(0);
    await writeFile(questions, "question\tanswer\nHow?\tNobody knows.\n");
    const unknown = await chat(["evaluate", "--model", model, "--questions", questions]);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain(`${questions} line 2: no pair has the answer "Nobody knows."`);
  });

  test("the library streams the answer", async () => {
    const bot = await loadChatbot({ model });
    const session = bot.start();
    let said = "";
    for await (const token of session.ask("Do you ship abroad?")) said += token;
    expect(said).toBe(shipping);
    bot.close();
  });

  test.each([
    [["train"], 2, "nothing to teach; give --faq"],
    [["evaluate"], 2, "nothing to ask; give --questions, --unanswerable, --intents or --stories"],
    [["why?", "--input", pairs], 2, "give either a question or --input"],
    [["train", "--faq", path("absent.csv")], 1, "absent.csv does not exist"],
    [["--model", folder, "why?"], 1, "contains no model"],
  ])("%j is an error of one line", async (args, code, message) => {
    const outcome = await chat(args, { cwd: folder });
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toContain(message);
  });
});
