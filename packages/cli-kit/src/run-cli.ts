import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { AttendError, messageOf, printable } from "@attend/runtime/errors";
import { type Command, CommanderError } from "commander";
import { refuseMistypedCommand } from "./mistyped-command.ts";
import { survivePipes, writeLine } from "./output.ts";

/** What `--doctor` throws inside the parser, to leave it as `--help` does. */
const doctorAsked = "attend.doctor";

/**
 * Runs a command line: adds `--debug` and `--doctor` to each of its commands, runs the command's action
 * and turns what goes wrong into one line on stderr and an exit code: 1 for an error,
 * 2 for wrong usage (with commander's hint), 130 for an interruption. `--debug` shows the stack. A
 * reader that closes the pipe (`| head -1`) ends the program quietly. Help and messages call the program
 * what the user typed.
 *
 * An action that succeeds ends the program by itself; its `process.exitCode` is kept.
 *
 * @param options `takesText`: whether any words may be the program's arguments, so that they are no
 *   mistyped command
 */
export async function runCli(
  program: Command,
  { takesText = false }: { takesText?: boolean } = {},
): Promise<void> {
  const asTyped = replaceName(program.name());
  const commands = prepare(program, asTyped);
  const fail = async (thrown: unknown): Promise<never> => {
    const debug = commands.some((command) => command.opts()["debug"] === true);
    const { message, exitCode } = describeFailure(thrown, debug);
    if (message !== "") process.stderr.write(`${asTyped(message)}\n`);
    return exit(exitCode);
  };
  survivePipes();
  process.once("uncaughtException", fail);
  try {
    refuseMistypedCommand(program, process.argv.slice(2), takesText);
    await program.parseAsync(takesText ? process.argv.map(asArgument) : process.argv);
  } catch (thrown) {
    if (!(thrown instanceof CommanderError && thrown.code === doctorAsked)) return fail(thrown);
    await printDiagnosis().catch(fail);
  }
}

/** A text that begins with a dash (`- milk and eggs`) is no option: the space before it says so to commander. */
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

/** Loads the engine, which only `--doctor` does; no engine is exit code 1. */
async function printDiagnosis(): Promise<void> {
  const { diagnose, formatDiagnosis } = await import("@attend/runtime");
  const diagnosis = await diagnose();
  if (diagnosis.engine === undefined) process.exitCode = 1;
  await writeLine(formatDiagnosis(diagnosis));
}

/**
 * Texts call a program by the name that it is installed under. A script that starts it otherwise says in
 * ATTEND_PROGRAM what the user typed instead, such as `pnpm caption`.
 */
function replaceName(installed: string): (text: string) => string {
  const typed = process.env["ATTEND_PROGRAM"] ?? installed;
  const name = new RegExp(`(?<![\\w/.-])${installed}(?![\\w/.-])`, "g");
  return (text) => text.replaceAll(name, typed);
}

/** @returns the program's commands, itself first */
function prepare(program: Command, asTyped: (text: string) => string): readonly Command[] {
  const commands = [program];
  for (const command of commands) {
    command
      .option("--debug", "show the stack of an error")
      .option("--doctor", "say which engine runs, and how to get a faster one")
      .on("option:doctor", () => {
        throw new CommanderError(0, doctorAsked, "");
      })
      // Throws instead of exiting, so that exit codes are decided in one place.
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void process.stdout.write(asTyped(text)),
        writeErr: (text) => void process.stderr.write(asTyped(text)),
      })
      .showHelpAfterError(`(${pathOf(command)} --help tells more)`);
    commands.push(...command.commands);
  }
  return commands;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function describeFailure(thrown: unknown, debug: boolean): { message: string; exitCode: number } {
  if (thrown instanceof CommanderError) {
    // Commander has written its message already. Help and version that were asked for have code 0.
    return { message: "", exitCode: thrown.exitCode === 0 ? 0 : 2 };
  }
  const expected = AttendError.isInstance(thrown);
  const exitCode = expected && thrown.code === "INTERRUPTED" ? 130 : 1;
  if (debug) return { message: `error: ${inspect(thrown)}`, exitCode };
  const line = printable(messageOf(thrown).replaceAll(/\s*\n\s*/g, " "));
  const hint = expected ? "" : " (unexpected; --debug shows where)";
  return { message: `error: ${line}${hint}`, exitCode };
}

/** Ends the process once what was written to stdout has left it; what still runs is cut off. */
async function exit(code: number): Promise<never> {
  await new Promise<void>((resolve) => {
    process.stdout.write("", () => resolve());
  });
  process.exit(code);
}
