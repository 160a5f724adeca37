import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@attend/runtime/random";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadChatbot } from "../src/index.ts";
import { chat } from "./support/program.ts";

useEngine();

const folder = mkdtempSync(join(tmpdir(), "attend-chat-"));
const path = (name: string) => join(folder, name);
const [stories, config, runs] = [path("stories.txt"), path("config.json"), path("runs")];
const model = join(runs, "model");

/** Two people go somewhere, one after the other; where is one of them? */
function tell(): string {
  const random = createRandom(1);
  const pick = (...from: string[]) => from[random.integer(from.length)] ?? "";
  const lines = Array.from({ length: 80 }, () => {
    const moves = Array.from({ length: 3 }, () => [
      pick("Mary", "John"),
      pick("kitchen", "garden", "old barn"),
    ]);
    const [who] = moves[random.integer(3)] ?? [];
    const place = moves.findLast(([one]) => one === who)?.[1];
    return [
      ...moves.map(([one, where], i) => `${i + 1} ${one} went to the ${where}.`),
      `4 Where is ${who}?\t${place}\t1`,
    ];
  });
  return `${lines.flat().join("\n")}\n`;
}

const small = {
  reader: { kind: "query-reduction", size: 16, maxSentences: 4 },
  batchSize: 16,
  training: { epochs: 60, optimizer: { name: "adam", learningRate: 0.02 }, tensorboard: false },
};

describe("stories", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    await writeFile(stories, tell());
    await writeFile(config, JSON.stringify(small));
    const flags = ["--stories", stories, "--config", config, "--out", runs, "--quiet"];
    const { code, stdout, stderr } = await chat(["train", ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/model: learned from 72 questions in .*, 100\.0 % right of 8 others\n$/);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("a conversation: facts are remembered, explained, forgotten and saved", async () => {
    const bot = await loadChatbot({ model });
    const session = bot.start();
    const told = await session.ask("Mary went to the old barn.").reply();
    expect(told).toMatchObject({ answer: "", confident: true, source: null, isFact: true });
    const pieces: string[] = [];
    const asked = session.ask("John went to the kitchen. Where is Mary?");
    for await (const piece of asked) pieces.push(piece);
    const reply = await asked.reply();
    expect(reply).toMatchObject({ answer: "old barn", confident: true });
    expect(pieces).toEqual(["old ", "barn"]);
    expect(reply.source).toEqual({ text: "Mary went to the old barn." });
    expect(reply.why).toMatch(
      /^old barn \(\d\.\d\d\), looking at\nhop 1 {2}hop 2\n( {1,2}[\d.]+ {2} {1,2}[\d.]+ {2}\d \S.*\n?)+$/,
    );
    session.reset();
    await expect(session.ask("Where is Mary?").reply()).rejects.toMatchObject({
      message:
        "nothing was told before the question; tell facts first, sentences without a question mark",
    });
    bot.close();
  });

  test("what was never learned, and too many facts, are told", async () => {
    const bot = await loadChatbot({ model });
    const session = bot.start();
    const say = async (text: string) => {
      let said = "";
      const asked = session.ask(text);
      for await (const piece of asked) said += piece;
      return { said, ...(await asked.reply()) };
    };
    expect((await say("Bob went to the kitchen.")).said).toBe('noted, but I never learned "bob"');
    const unknown = await say("Where is Bob?");
    expect(unknown.confident).toBe(false);
    expect(unknown.said).toBe(`I never learned "bob"; my best guess is ${unknown.answer}`);
    for (const who of ["Mary", "John", "Mary"]) await say(`${who} went to the garden.`);
    expect((await say("John went to the kitchen.")).said).toBe(
      "noted, but only the latest 4 facts are read",
    );
    await expect(session.ask("Who? Where?").reply()).rejects.toThrow("ask one at a time");
    await expect(session.ask("¿Quién?").reply()).rejects.toThrow("none of the words of");
    bot.close();
  });

  test("lines of a file tell stories: numbers and blank lines begin one", async () => {
    const input = path("told.txt");
    const lines = ["1 Mary went to the garden.", "2 Where is Mary?\tgarden", "", "Where is Mary?"];
    await writeFile(input, `${lines.join("\n")}\n`);
    const { code, stdout, stderr } = await chat(["--model", runs, "--input", input, "--json"]);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows).toEqual([
      { fact: "Mary went to the garden." },
      {
        ...{ question: "Where is Mary?", answer: "garden", confidence: expect.any(Number) },
        ...{ confident: true, source: { text: "Mary went to the garden." } },
      },
      { fact: "" },
      { question: "Where is Mary?", error: expect.stringContaining("line 4: nothing was told") },
    ]);
    expect(stderr).toContain("1 of 4 lines could not be answered");
    expect(code).toBe(1);
  });

  test("is scored, and a conversation is saved", async () => {
    const predictions = path("predictions.jsonl");
    const flags = ["--model", runs, "--stories", stories, "--json", "--predictions", predictions];
    const { stdout } = await chat(["evaluate", ...flags]);
    const scores = JSON.parse(stdout);
    expect(scores).toMatchObject({ questions: 80, accuracy: expect.any(Number) });
    expect(scores.accuracy).toBeGreaterThan(0.9);
    expect(scores.answered + scores.wrong).toBeLessThanOrEqual(1);
    expect((await readFile(predictions, "utf8")).trim().split("\n")).toHaveLength(80);
    const saved = path("saved.txt");
    const stdin = `Mary went to the garden.\nWhere is Mary?\n/why\n/save ${saved}\n/quit\n`;
    const talk = await chat(["--model", runs], { stdin });
    expect(talk.stdout).toMatch(/^noted\ngarden\ngarden \(.*\), looking at\n/);
    expect(await readFile(saved, "utf8")).toBe(
      "Mary went to the garden.\n\n? Where is Mary?\ngarden\n",
    );
  });

  test("frees its memory", async () => {
    await expectNoLeak(async () => {
      const bot = await loadChatbot({ model });
      await bot.start().ask("Mary went to the garden. Where is Mary?").reply();
      bot.close();
    });
  });

  test("errors are one line", async () => {
    const broken = path("broken.txt");
    await writeFile(broken, "Mary went to the garden.\n");
    const train = await chat(["train", "--stories", broken, "--out", path("none"), "--quiet"]);
    expect(train).toMatchObject({ code: 1, stdout: "" });
    expect(train.stderr).toMatch(/broken\.txt line 1 has no number: "Mary went to the garden\."/);
    const again = await chat(["train", "--stories", stories, "--out", runs, "--quiet"]);
    expect(again.stderr).toMatch(/already contains a training; continue it with --resume/);
  });
});
