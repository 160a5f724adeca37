import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { isFasterInBfloat16 } from "@attend/runtime/precision";
import { nodeArguments } from "@attend/runtime/program";
import { describe, expect, test, vi } from "vitest";

// Starting processes takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const main = nodeArguments(join(import.meta.dirname, "program", "main.ts"));

function start(...args: string[]): ChildProcess {
  return startWith({}, ...args);
}

function startWith(env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [...main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
}

async function ending(child: ChildProcess) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { stdout, stderr, code, signal };
}

const run = (...args: string[]) => ending(start(...args));

describe.concurrent("exit codes and messages", () => {
  test("a successful action keeps its exit code", async () => {
    const stdout = `${JSON.stringify({ text: "één\nline" })}\n`;
    expect(await run("succeed")).toMatchObject({ code: 1, stdout, stderr: "" });
  });

  test("an error is one line without a stack, with exit code 1", async () => {
    expect(await run("fail")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: "error: captions.csv line 3: a quote is not closed; close it\n",
    });
  });

  test("--debug shows the stack, before and after the command", async () => {
    for (const args of [
      ["--debug", "fail"],
      ["fail", "--debug"],
    ]) {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: AttendError: captions.csv line 3/);
      expect(stderr).toMatch(/\n +at .*main\.ts/);
      expect(stderr).toContain("BAD_DATA");
    }
  });

  test("an unexpected error is one line too, wherever it is thrown", async () => {
    expect(await run("break")).toMatchObject({
      code: 1,
      stderr: "error: undefined is not a function (unexpected; --debug shows where)\n",
    });
    expect(await run("break-later")).toMatchObject({
      code: 1,
      stderr: "error: nobody waits for me (unexpected; --debug shows where)\n",
    });
  });

  test("an error ends the process even if a bar is shown", async () => {
    const { code, stderr } = await run("fail-with-bar");
    expect(code).toBe(1);
    expect(stderr).toContain("1/9 items");
    expect(stderr).toContain("error: item 1 is broken\n");
  });

  test("wrong usage exits with 2, a suggestion and a pointer to the help", async () => {
    const unknown = await run("lines", "3", "--dbug");
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toMatch(/^error: unknown option '--dbug'\n/);
    expect(unknown.stderr).toContain("(Did you mean --debug?)");
    expect(unknown.stderr).toContain("(see program lines --help)");
    expect(await run("lines")).toMatchObject({ code: 2 });
    expect(await run("no-such-command")).toMatchObject({ code: 2 });
    expect(await run("trian", "book.txt")).toMatchObject({
      code: 2,
      stderr: "error: unknown command 'trian'; did you mean train?\n(see program --help)\n",
    });
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
  });

  test("--help and --version write to stdout and exit with 0", async () => {
    const { version } = JSON.parse(
      readFileSync(join(import.meta.dirname, "../package.json"), "utf8"),
    );
    expect(await run("--version")).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await run("lines", "--help");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("--doctor");
  });

  test("help and messages use the program name that the user typed", async () => {
    const env = { ...process.env, ATTEND_PROGRAM: "pnpm start" };
    const help = spawn(process.execPath, [...main, "--help"], { env });
    expect((await ending(help)).stdout).toMatch(/^Usage: pnpm start \[options\]/);
    const wrong = spawn(process.execPath, [...main, "lines"], { env });
    expect((await ending(wrong)).stderr).toContain("(see pnpm start lines --help)");
    const broken = spawn(process.execPath, [...main, "misname"], { env });
    expect((await ending(broken)).stderr).toBe(
      "error: /tmp/program/a is of `pnpm start train`; name a folder\n",
    );
  });

  test("--precision is passed on to the engine, with a note only where fast changes nothing", async () => {
    const [unset, exact, fast, quiet] = await Promise.all([
      run("multiply"),
      run("multiply", "--precision", "exact"),
      run("multiply", "--precision", "fast"),
      run("multiply", "--precision", "fast", "--quiet"),
    ]);
    expect(
      [unset.stdout, exact.stdout, fast.stdout, quiet.stdout].map((line) => JSON.parse(line)),
    ).toEqual(["unset", "exact", "fast", "fast"]);
    expect([unset.stderr, exact.stderr, quiet.stderr]).toEqual(["", "", ""]);
    const note = "note: --precision fast makes no difference on this processor: it has no AMX\n";
    expect(fast.stderr).toBe(isFasterInBfloat16() ? "" : note);
  });

  test("notes of the libraries are shown on stderr, unless the command is to be quiet", async () => {
    const shown = { code: 0, stdout: "", stderr: "note: WebAssembly computes\n" };
    expect(await run("compute")).toMatchObject(shown);
    expect(await run("compute", "--quiet")).toMatchObject({ ...shown, stderr: "" });
  });

  test("--doctor reports engine, reason and versions", async () => {
    const { code, stdout, stderr } = await run("--doctor");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^engine +(native|wasm), .*thread/);
    expect(stdout).toMatch(/^because +\S/m);
    expect(stdout).toMatch(/^faster +\S/m);
    expect(stdout).toContain(`Node ${process.versions.node}`);
  });

  test("--doctor reports why the requested engine is not available", async () => {
    const child = spawn(process.execPath, [...main, "--doctor"], {
      env: { ...process.env, ATTEND_ENGINE: "gpu" },
    });
    const { code, stdout, stderr } = await ending(child);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^engine +none\nbecause +ATTEND_ENGINE is "gpu"/);
  });
});

test("a reader that closes the pipe ends the program quietly", async () => {
  const child = start("lines", "1000000");
  const ended = once(child, "close");
  const errors = text(child.stderr!);
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  expect(await ended).toEqual([0, null]);
  expect(await errors).toBe("");
});

describe.concurrent("of the processes that mpirun starts, all but the first", () => {
  const second = { OMPI_COMM_WORLD_RANK: "1", OMPI_COMM_WORLD_SIZE: "2" };

  test("write nothing", async () => {
    for (const args of [["succeed"], ["--help"], ["succeed", "--unknown"]]) {
      const ended = await ending(startWith(second, ...args));
      expect(ended).toMatchObject({ stdout: "", stderr: "" });
    }
  });

  test("report an error that is theirs alone, with their number", async () => {
    const { code, stderr } = await ending(startWith(second, "fail"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: captions\.csv line 3: .* \(process 1 of 2\)\n$/);
  });
});

describe.concurrent("Ctrl-C", () => {
  async function interrupt(command: string, times: number, signal: NodeJS.Signals = "SIGINT") {
    const child = start(command);
    await once(child.stdout!, "data");
    const result = ending(child);
    for (let i = 0; i < times; i++) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, 200));
      child.kill(signal);
    }
    return result;
  }

  test("once lets the work finish its step, then exits with 130", async () => {
    const { code, stderr } = await interrupt("train", 1);
    expect(code).toBe(130);
    expect(stderr).toBe(
      "\nstopping; press Ctrl-C again to stop at once\nerror: stopped after step 7; resume with --resume\n",
    );
  });

  test("or SIGTERM", async () => {
    expect(await interrupt("train", 1, "SIGTERM")).toMatchObject({ code: 130 });
  });

  test("twice exits immediately with 130", async () => {
    expect(await interrupt("hang", 2)).toMatchObject({ code: 130, signal: null });
  });

  test("without a handler ends the program as usual", async () => {
    expect(await interrupt("wait", 1)).toMatchObject({ code: null, signal: "SIGINT", stderr: "" });
  });

  test("reports an error of its handler and exits with 1", async () => {
    const { code, stderr } = await interrupt("cannot-save", 1);
    expect(code).toBe(1);
    expect(stderr).toContain("error: the disk is full\n");
  });
});
