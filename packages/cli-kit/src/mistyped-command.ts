import { existsSync } from "node:fs";
import { nearestName } from "@attend/runtime/nearest";
import type { Command } from "commander";

/**
 * Refuses a first argument that is all but the name of a command, such as `evluate`, where the program
 * takes other arguments than commands and would take it for one of them. The name of a file is one.
 *
 * @param takesText whether they are words of a text. What may well be one is let through: a single word,
 *   what a command is called in a sentence (`trains`), and what is like a short name (`brain`, `hello`),
 *   unless a file follows. `--` before a text lets everything through.
 */
export function refuseMistypedCommand(
  program: Command,
  args: readonly string[],
  takesText: boolean,
): void {
  const [typed = "", ...others] = args;
  // Capitals begin a sentence or the name of a file.
  if (!/^[a-z]+$/.test(typed) || existsSync(typed)) return;
  const names = [...program.commands.map((command) => command.name()), "help"];
  const meant = nearestName(typed, names);
  if (meant === undefined || meant === typed) return;
  if (takesText && mayBeText(typed, meant, others)) return;
  const text = takesText ? ` (a text goes after --: ${program.name()} -- ${typed} ...)` : "";
  program.error(`error: unknown command '${typed}'; did you mean ${meant}?${text}`, {
    code: "commander.unknownCommand",
  });
}

function mayBeText(word: string, command: string, others: readonly string[]): boolean {
  if (others.length === 0) return true;
  const stem = command.replace(/e$/, "");
  const isInflected = word.startsWith(stem) && /^(e?[sdr]|e?rs|ing)$/.test(word.slice(stem.length));
  return isInflected || (command.length < 7 && !others.some((other) => existsSync(other)));
}
