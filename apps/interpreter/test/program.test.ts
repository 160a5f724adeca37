import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { interpret } from "./support/program.ts";

const directory = mkdtempSync(join(tmpdir(), "attend-interpret-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Where no engine is installed. */
const bare = { env: { ATTEND_CACHE: join(directory, "cache") }, cwd: directory };

test("the program tells what it does", async () => {
  const { code, stdout } = await interpret(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("speech");
});

test("--doctor has a line for each engine", async () => {
  const { stdout } = await interpret(["--doctor"], bare);
  expect(stdout).toMatch(/^whisper-base +recognizer .*`attend-interpret setup whisper-base`/m);
  expect(stdout).toMatch(/^digits +recognizer +en +shipped$/m);
});

test.each([
  ["neither a recording nor --mic", [], "give either a recording or --mic"],
  ["both", ["--mic", "talk.wav"], "give either a recording or --mic"],
  ["nothing to come out", ["talk.wav", "--no-speech", "--play"], "--no-speech leaves nothing"],
  ["no language", ["talk.wav", "--to", "!"], "is not a language"],
])("wrong usage: %s", async (_, args, message) => {
  const { code, stderr } = await interpret(args, bare);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

const text = join(directory, "text.wav");
writeFileSync(text, "this is not a recording\n");

test.each([
  ["a file that does not exist", ["nowhere.wav"], /^error: nowhere.wav does not exist; /],
  ["a text file", [text], /^error: .*text\.wav /],
  ["subtitles of another kind", [text, "--subtitles", "talk.txt"], /ends in \.srt or \.vtt$/],
  ["a folder that is a file", [text, "--out", join(text, "talk.wav")], /^error: cannot write/],
  [
    "an engine that does not exist",
    ["setup", "whisper-huge"],
    /^error: there is no engine "whisper-huge"/,
  ],
])("%s is one line, and nothing is left", async (_, args, message) => {
  const before = readdirSync(directory);
  const { code, stdout, stderr } = await interpret(args, bare);
  const lines = stderr.trimEnd().split("\n");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(lines.at(-1)).toMatch(message);
  expect(lines.length).toBe(1);
  expect(readdirSync(directory)).toEqual(before);
});

test("repair restores each line of stdin, and tells why", async () => {
  const stdin = "it is raining we stay at home\n\nIt is day.\n";
  const plain = await interpret(["repair"], { stdin });
  expect(plain).toEqual({
    code: 0,
    stdout: "It is raining. We stay at home.\n\nIt is day.\n",
    stderr: "",
  });
  const { stdout } = await interpret(["repair", "-", "--changes"], { stdin });
  expect(stdout).toMatch(/^ +it → It: start of a sentence$/m);
  const json = await interpret(["repair", "-", "--json"], { stdin });
  const rows = json.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.map(({ sentences }) => sentences.length)).toEqual([2, 0, 1]);
  expect(rows[0]).toMatchObject({ source: "it is raining we stay at home" });
  const german = await interpret(["repair", "--from", "de"], { stdin: "wo ist der bahnhof\n" });
  expect(german.stdout).toBe("Wo ist der Bahnhof?\n");
});
