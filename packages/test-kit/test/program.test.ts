import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram, runProgramUntil, temporaryDirectory } from "../src/index.ts";

test("runs a TypeScript program, and returns its output and exit code", async () => {
  const folder = temporaryDirectory();
  const program = join(folder, "program.ts");
  const script = `import { appendFileSync, readFileSync } from "node:fs";
    const [first]: string[] = process.argv.slice(2);
    process.stdout.write([first, readFileSync(0, "utf8"), process.env["COLOR"]].join(" "));
    if (first === "log") setInterval(() => appendFileSync(process.argv[3], "line\\n"), 1);
    else process.exitCode = 3;`;
  writeFileSync(program, script);
  const options = { stdin: "typed", cwd: folder, env: { COLOR: "red" } };
  expect(await runProgram(program, ["given"], options)).toEqual({
    stdout: "given typed red",
    stderr: "",
    code: 3,
  });
  const log = join(folder, "log");
  const until = { log, lines: 2, signal: "SIGKILL" } as const;
  expect((await runProgramUntil(program, ["log", log], until)).code).toBe(null);
}, 600_000);
