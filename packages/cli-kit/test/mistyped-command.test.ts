import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { rejectMistypedCommand } from "../src/mistyped-command.ts";

/** The error for a mistyped command; undefined if the arguments are accepted. */
function rejection(args: string, { takesText }: { takesText: boolean }): string | undefined {
  let message: string | undefined;
  const program = new Command("translate")
    .addCommand(new Command("train"))
    .addCommand(new Command("evaluate"))
    .exitOverride()
    .configureOutput({ writeErr: (text) => (message = text.trimEnd()) });
  try {
    rejectMistypedCommand(program, args.split(" "), takesText);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "commander.unknownCommand" });
  }
  return message;
}

describe("a first argument", () => {
  test.each([
    ["trian book.txt", "train"],
    ["trian", "train"],
    ["evluate a b", "evaluate"],
    ["evaluates", "evaluate"],
  ])("%j is mistyped", (args, meant) => {
    const [typed] = args.split(" ");
    const message = `error: unknown command '${typed}'; did you mean ${meant}?`;
    expect(rejection(args, { takesText: false })).toBe(message);
  });

  test.each([
    "train a b",
    "help",
    "photo evluate", // only the first can be a command
    "Trian",
    "trian.jpg",
    "--trian",
    "-- trian",
    "src", // exists
    "",
  ])("%j is not", (args) => {
    expect(rejection(args, { takesText: false })).toBeUndefined();
  });
});

describe("a first argument that may be a text", () => {
  test.each(["evluate a b", "trian package.json b --from en"])("%j is mistyped", (args) => {
    const [typed] = args.split(" ");
    expect(rejection(args, { takesText: true })).toContain(
      `unknown command '${typed}'; did you mean ${typed === "trian" ? "train" : "evaluate"}? (put a text after --: translate -- ${typed} ...)`,
    );
  });

  test.each([
    "evluate",
    "trains package.json",
    "evaluating a translation",
    "evaluated well",
    "brain surgery is hard",
    "hello world",
    "-- evluate a b",
  ])("%j is a text", (args) => {
    expect(rejection(args, { takesText: true })).toBeUndefined();
  });
});
