/** A program with one command for each way to end; `run-cli.test.ts` runs it as a process. */
import { channel } from "node:diagnostics_channel";
import { setTimeout } from "node:timers/promises";
import { AttendError } from "@attend/runtime/errors";
import { Command } from "commander";
import {
  createProgress,
  onInterrupt,
  options,
  runCli,
  versionOf,
  writeJsonLine,
} from "../../src/index.ts";

const program = new Command("program").version(versionOf(import.meta.url));

program.command("succeed").action(async () => {
  await writeJsonLine({ text: "één\nline" });
  process.exitCode = 1;
});
program
  .command("compute")
  .addOption(options.quiet())
  .action(() => channel("attend.note").publish("WebAssembly computes"));
program.command("fail").action(() => {
  throw new AttendError("BAD_DATA", "captions.csv line 3:\n  a quote is not closed; close it");
});
program
  .command("multiply")
  .addOption(options.precision())
  .addOption(options.quiet())
  .action(() => writeJsonLine(process.env["ATTEND_PRECISION"] ?? "unset"));
program.command("misname").action(() => {
  throw new AttendError("BAD_DATA", "/tmp/program/a is of `program train`; name a folder");
});
program.command("break").action(() => {
  throw new TypeError("undefined is not a function");
});
program.command("break-later").action(() => {
  setImmediate(() => {
    throw new Error("nobody waits for me");
  });
});
program.command("fail-with-bar").action(async () => {
  const stream = Object.assign(process.stderr, { isTTY: true });
  const progress = createProgress({ total: 9, label: "work", unit: "items", stream });
  await setTimeout(2_100);
  progress.update(1);
  throw new AttendError("BAD_DATA", "item 1 is broken");
});
program
  .command("lines")
  .argument("<count>")
  .action(async (count: string) => {
    for (let i = 0; i < Number(count); i++) await writeJsonLine({ i });
    process.stderr.write("wrote them all\n");
  });
program.command("train").action(async () => {
  let stopped = false;
  onInterrupt(() => {
    stopped = true;
  });
  await writeJsonLine("ready");
  while (!stopped) await setTimeout(5);
  throw new AttendError("INTERRUPTED", "stopped after step 7; resume with --resume");
});
program.command("hang").action(async () => {
  onInterrupt(() => {});
  await writeJsonLine("ready");
  await setTimeout(60_000);
});
program.command("wait").action(async () => {
  onInterrupt(() => {})();
  await writeJsonLine("ready");
  await setTimeout(60_000);
});
program.command("cannot-save").action(async () => {
  onInterrupt(async () => {
    throw new AttendError("WRITE_FAILED", "the disk is full");
  });
  await writeJsonLine("ready");
  await setTimeout(60_000);
});

await runCli(program);
