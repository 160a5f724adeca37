// Replaces `pnpm`, `npx` and the installed programs when a page's commands are tested: runs an app from its
// sources in the page's folder, and logs the outcome to $PAGE_LOG, one JSON object per line.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  fstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const repository = join(import.meta.dirname, "../..");
const apps = {
  caption: "image-captioning",
  chat: "chatbot-qa",
  explain: "explain",
  interpret: "interpreter",
  "language-model": "language-model",
  queue: "queue",
  serve: "serve",
  studio: "studio",
  translate: "translation",
  vqa: "visual-qa",
};

/** pnpm commands that are not run, with the reason. */
const notRun = {
  "-- build": "pnpm check builds",
  "-- check": "these tests are part of it",
  "-- install": "it has to be done before these tests",
  "-- serve": "it runs until it is ended; faces/serve/test runs it",
  "-- studio": "it runs until it is ended; faces/studio/test runs it",
  ...(!process.env.ATTEND_QUEUE && { "-- queue": "redis-server is not installed" }),
  "-- test": "these tests are part of it",
  ...Object.fromEntries(
    ["talk.wav", "say", "setup", "evaluate"].map((start) => [
      `-- interpret ${start}`,
      "it downloads engines; apps/interpreter/test runs it with engines of the test's own",
    ]),
  ),
  "--filter @attend/benchmarks": "benchmarks need data and hours",
  "--filter @attend/sentence-vectors": "its training needs data and minutes",
  "--filter @attend/text-repair": "its training needs data and minutes",
};

/**
 * Extra options that make a command take seconds; the last of repeated options wins. A captioner is
 * trained with its defaults but for the epochs: tests with a config have missed errors in them.
 */
function shortened(program, args) {
  if (program === "explain") return ["--steps", "2", "--lengths", "8", "--units", "4"];
  if (program === "interpret" && args[0] === "recognize") return ["--engine", "digits"];
  if (args[0] !== "train" || args.includes("--config")) return [];
  return (
    {
      caption: ["--epochs", "1"],
      "language-model": ["--epochs", "1"],
      translate: ["--epochs", "2"],
      interpret: ["--epochs", "1"],
      vqa: ["--epochs", "1"],
    }[program] ?? []
  );
}

let [name = "", ...args] = process.argv.slice(2);
const command = [name, ...args].join(" ");
if (name === "npx" && args[0] === "-y" && args[1] === "pnpm@10") [, name = "", ...args] = args;
if (/^pnpm/.test(name)) {
  while (args[0] === "-s" || args[0] === "--silent" || args[0] === "run") args.shift();
  if (!args[0]?.startsWith("-")) args.unshift("--");
  const reason = Object.entries(notRun).find(([start]) => args.join(" ").startsWith(start))?.[1];
  if (reason !== undefined) end({ command, reason });
  [, name = "", ...args] = args;
}
name = name.replace(/^attend-/, "");
const start =
  name === "doctor"
    ? [
        join(repository, "scripts/typescript.mjs"),
        join(repository, "packages/runtime/src/doctor-main.ts"),
      ]
    : [join(repository, "scripts/start.mjs"), apps[name]];
if (start.includes(undefined)) {
  end({
    command,
    code: 70,
    stdout: "",
    stderr: "this command is neither run nor listed as not run",
  });
}
// A command outputs the same on each page that has not changed what it reads, so it runs once, unless a later one needs
// what it writes.
const started = Number(process.env.PAGE_STARTED);
const makesFiles = name === "queue" || args[0] === "train" || args.includes("--out");
const isShared =
  fstatSync(0).isCharacterDevice() &&
  !makesFiles &&
  !args.some((arg) => existsSync(arg) && lastChange(arg) > started);
const digest = createHash("sha1").update(command.replaceAll(process.cwd(), ".")).digest("hex");
const known = join(dirname(process.env.PAGE_LOG), `${digest}.json`);
const outcome =
  isShared && existsSync(known)
    ? { ...JSON.parse(readFileSync(known, "utf8")), command }
    : await runProgram([...start, ...args], shortened(name, args));
if (isShared) {
  // In one step, since the other page may read it.
  writeFileSync(`${known}.${process.pid}`, JSON.stringify(outcome));
  renameSync(`${known}.${process.pid}`, known);
}
process.stdout.write(outcome.stdout, () => end(outcome));

async function runProgram(call, added) {
  const child = spawn(process.execPath, ["--conditions=@attend/source", ...call, ...added], {
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...process.env, npm_package_json: undefined },
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on("close", resolve)),
  ]);
  return { command, added, code, stdout, stderr };
}

/** When a file, or the last in a folder, was written. */
function lastChange(path) {
  const state = statSync(path);
  if (!state.isDirectory()) return state.mtimeMs;
  return Math.max(state.mtimeMs, ...readdirSync(path).map((name) => lastChange(join(path, name))));
}

/** Logs the outcome, and exits with its code. */
function end(outcome) {
  appendFileSync(process.env.PAGE_LOG, `${JSON.stringify(outcome)}\n`);
  process.exit(outcome.code ?? 0);
}
