import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWav } from "@attend/audio";
import { temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { interpret } from "./support/program.ts";
import { babble, join as joined, silence } from "./support/sound.ts";

test("a recognizer learns one's own commands, and shows what it heard", async () => {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, "commands"));
  const lines: string[] = [];
  for (let i = 0; i < 10; i++) {
    const samples = joined(silence(0.1), babble(i % 2 === 0 ? 0.3 : 0.8), silence(0.1));
    await writeWav(join(cwd, "commands", `${i}.wav`), { samples, sampleRate: 16_000 });
    lines.push(`${i}\t${i % 2 === 0 ? "stop" : "go on"}`);
  }
  writeFileSync(join(cwd, "commands/transcripts.tsv"), lines.join("\n"));
  const train = ["train", "--recordings", "commands", "--epochs", "1", "--out", "runs/commands"];
  const trained = await interpret(train, { cwd });
  expect(trained).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^runs\/commands\/model: learned from 8 recordings .* on 2 others\n$/,
    ),
  });
  const again = await interpret(train, { cwd });
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("--resume") });
  const model = ["--model", "runs/commands", "--json", "--attention", "heard"];
  const heard = await interpret(["recognize", "commands/0.wav", ...model], { cwd });
  expect(heard.code).toBe(0);
  expect(JSON.parse(heard.stdout)).toMatchObject({
    audio: "commands/0.wav",
    seconds: expect.any(Number),
  });
  expect(existsSync(join(cwd, "heard/0.heatmap.png"))).toBe(true);
});

test("a repairer learns from texts, and repairs", async () => {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "book.txt"), "It is day. Two dogs play, and sleep. Do you?\n".repeat(20));
  const train = ["train", "--text", "book.txt", "--epochs", "1", "--out", "runs/repair"];
  const unsure = await interpret(train, { cwd });
  expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining("give --validation") });
  const trained = await interpret([...train, "--validation", "book.txt"], { cwd });
  expect(trained).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^runs\/repair\/model: F1/),
  });
  const repaired = await interpret(["repair", "--model", "runs/repair"], {
    cwd,
    stdin: "it is day\n",
  });
  expect(repaired).toMatchObject({ code: 0, stdout: expect.stringMatching(/^it\W+is\W+day/i) });
});
