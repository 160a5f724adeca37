import { existsSync } from "node:fs";
import { nearestName } from "@attend/runtime/nearest";
import type { Command } from "commander";

/**
 * Rejects a first argument that is almost the name of a command, such as `evluate`, in a program that
 * would otherwise treat it as a plain argument. The name of an existing file is accepted.
 *
 * @param takesText whether plain arguments are words of a text. Likely words are then accepted: a single
 *   word, an inflected command (`trains`), or a word that resembles a short command (`brain`, `hello`),
 *   unless a file follows. After `--`, everything is accepted.
 */
export function rejectMistypedCommand(
  program: Command,
  args: readonly string[],
  takesText: boolean,
): void {
  const [typed = "", ...others] = args;
  // A capital letter suggests a sentence or a file name.
  if (!/^[a-z]+$/.test(typed) || existsSync(typed)) return;
  const names = [...program.commands.map((command) => command.name()), "help"];
  const meant = nearestName(typed, names);
  if (meant === undefined || meant === typed) return;
  if (takesText && mayBeText(typed, meant, others)) return;
  const text = takesText ? ` (put a text after --: ${program.name()} -- ${typed} ...)` : "";
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
