import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { AttendError, messageOf, printable } from "@attend/runtime/errors";
import { placeInGroup } from "@attend/runtime/group";
import { type Command, CommanderError } from "commander";
import { rejectMistypedCommand } from "./mistyped-command.ts";
import { isMuted, survivePipes, writeLine, writeNote } from "./output.ts";
import { usePrecision } from "./precision.ts";

/** The code of the error by which `--doctor` leaves the parser, as `--help` does. */
const doctorRequested = "attend.doctor";

/**
 * Runs a command line: adds `--debug` and `--doctor` to each command, runs the command's action, and
 * turns failures into one line on stderr and an exit code: 1 for an error, 2 for wrong usage (with
 * commander's hint), 130 for an interruption. `--debug` shows the stack. A reader that closes the pipe
 * (`| head -1`) ends the program quietly. Help and messages use the program name that the user typed.
 *
 * Notes of the libraries below (the channel `attend.note` of `node:diagnostics_channel`) are shown on stderr, unless the
 * command has `--quiet`. After a successful action the process exits when it is idle, with the action's `process.exitCode`.
 *
 * @param options `takesText`: whether the program's arguments may be arbitrary words, which are then not
 *   mistaken for mistyped commands; `diagnose`: lines that `--doctor` prints below those about the engine
 */
export async function runCli(
  program: Command,
  { takesText = false, diagnose }: { takesText?: boolean; diagnose?: () => Promise<string> } = {},
): Promise<void> {
  const asTyped = replaceName(program.name());
  const commands = prepare(program, asTyped);
  const fail = async (thrown: unknown): Promise<never> => {
    const debug = commands.some((command) => command.opts()["debug"] === true);
    const { message, exitCode } = describeFailure(thrown, debug);
    if (message !== "" && !(isMuted && (await isReportedByOthers(exitCode)))) {
      const { rank, size } = placeInGroup();
      const where = isMuted ? ` (process ${rank} of ${size})` : "";
      process.stderr.write(`${asTyped(message)}${where}\n`);
    }
    return exit(exitCode);
  };
  program.hook("preAction", (_, command) => usePrecision(command.opts()));
  survivePipes();
  const show = (note: unknown) => {
    if (!commands.some((command) => command.opts()["quiet"] === true)) writeNote(`note: ${note}`);
  };
  subscribe("attend.note", show);
  process.once("uncaughtException", fail);
  try {
    rejectMistypedCommand(program, process.argv.slice(2), takesText);
    await program.parseAsync(takesText ? process.argv.map(asArgument) : process.argv);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError && thrown.code === doctorRequested)) return fail(thrown);
    unsubscribe("attend.note", show); // The diagnosis says it all.
    await printDiagnosis(asTyped, diagnose).catch(fail);
  }
}

/** A leading space keeps commander from parsing a text that begins with a dash (`- milk and eggs`) as an option. */
function asArgument(arg: string): string {
  return /^-[^=]*\s/.test(arg) ? ` ${arg}` : arg;
}

/** The version of the package that a module belongs to: `versionOf(import.meta.url)`. */
export function versionOf(moduleUrl: string): string {
  for (let folder = new URL(".", moduleUrl); ; folder = new URL("..", folder)) {
    const file = new URL("package.json", folder);
    try {
      return JSON.parse(readFileSync(file, "utf8")).version;
    } catch (thrown) {
      if (folder.pathname === new URL("..", folder).pathname) throw thrown;
    }
  }
}

/** Loads the engine; exits with 1 if there is none. @param more further lines */
async function printDiagnosis(
  asTyped: (text: string) => string,
  more?: () => Promise<string>,
): Promise<void> {
  const { diagnose, formatDiagnosis } = await import("@attend/runtime");
  const diagnosis = await diagnose();
  if (diagnosis.engine === undefined) process.exitCode = 1;
  await writeLine(formatDiagnosis(diagnosis));
  if (more !== undefined) await writeLine(`\n${asTyped(await more())}`);
}

/**
 * Messages refer to a program by its installed name. A script that starts it another way sets
 * ATTEND_PROGRAM to what the user typed, such as `pnpm caption`.
 */
function replaceName(installed: string): (text: string) => string {
  const typed = process.env["ATTEND_PROGRAM"] ?? installed;
  const name = new RegExp(`(?<![\\w/.-])${installed}(?![\\w/.-])`, "g");
  return (text) => text.replaceAll(name, typed);
}

/** @returns the program and all of its commands */
function prepare(program: Command, asTyped: (text: string) => string): readonly Command[] {
  const commands = [program];
  for (const command of commands) {
    command
      .option("--debug", "show the stack of an error")
      .option("--doctor", "report which engine runs, and how to get a faster one")
      .on("option:doctor", () => {
        throw new CommanderError(0, doctorRequested, "");
      })
      // Throws instead of exiting, so that exit codes are decided in one place.
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void (isMuted || process.stdout.write(asTyped(text))),
        writeErr: (text) => void (isMuted || process.stderr.write(asTyped(text))),
      })
      .showHelpAfterError(`(see ${pathOf(command)} --help)`);
    commands.push(...command.commands);
  }
  return commands;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function describeFailure(thrown: unknown, debug: boolean): { message: string; exitCode: number } {
  if (thrown instanceof CommanderError) {
    // Commander has already written its message. --help and --version have code 0.
    return { message: "", exitCode: thrown.exitCode === 0 ? 0 : 2 };
  }
  const expected = AttendError.isInstance(thrown);
  const exitCode = expected && thrown.code === "INTERRUPTED" ? 130 : 1;
  if (debug) return { message: `error: ${inspect(thrown)}`, exitCode };
  const line = printable(messageOf(thrown).replaceAll(/\s*\n\s*/g, " "));
  const hint = expected ? "" : " (unexpected; --debug shows where)";
  return { message: `error: ${line}${hint}`, exitCode };
}

/**
 * Whether other processes that `mpirun` has started report a failure: all are interrupted alike, and most failures happen
 * to all. `mpirun` then ends this one, which tells it by SIGTERM.
 */
async function isReportedByOthers(exitCode: number): Promise<boolean> {
  if (exitCode === 130) return true;
  return Promise.race([once(process, "SIGTERM").then(() => true), setTimeout(3000, false)]);
}

/** Ends the process once stdout is flushed, whatever is still running. */
async function exit(code: number): Promise<never> {
  await new Promise<void>((resolve) => {
    process.stdout.write("", () => resolve());
  });
  process.exit(code);
}
