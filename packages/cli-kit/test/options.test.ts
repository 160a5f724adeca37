import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addTrainOptions, options, overrideTraining } from "../src/index.ts";

/** The options that a command reads from its arguments, or the error that it writes to stderr. */
function read(command: Command, ...args: string[]): Record<string, unknown> | string {
  let message = "";
  command
    .exitOverride()
    .configureOutput({ writeErr: (text) => (message += text) })
    .action(() => {});
  try {
    return command.parse(args, { from: "user" }).opts();
  } catch {
    return message;
  }
}

describe("--held-out", () => {
  const heldOut = (value: string, allowNone = false) =>
    read(
      new Command().addOption(options.heldOut("pairs", "a tenth", { allowNone })),
      "--held-out",
      value,
    );

  test.each([
    ["0.05", 0.05],
    ["1", 1],
    ["500", 500],
  ])("accepts %s", (value, parsed) => {
    expect(heldOut(value)).toEqual({ heldOut: parsed });
  });

  test("accepts 0 only if holding out is optional", () => {
    expect(heldOut("0", true)).toEqual({ heldOut: 0 });
    expect(heldOut("0")).toContain("Expected a fraction below 1 or a whole number of at least 1.");
  });

  test.each(["1.5", "-1", "half", ""])("rejects %j", (value) => {
    expect(heldOut(value)).toContain("'--held-out <n>' argument");
  });
});

describe("a path", () => {
  test("is not empty", () => {
    const command = () => new Command().addOption(options.model());
    expect(read(command(), "--model", "runs/a")).toEqual({ model: "runs/a" });
    expect(read(command(), "--model", "")).toContain("Expected a path.");
  });
});

describe("training options", () => {
  const command = () => addTrainOptions(new Command("train"), { out: "runs/a" });

  test("have defaults", () => {
    expect(read(command())).toEqual({ out: "runs/a", resume: false, quiet: false });
  });

  test("are read", () => {
    const args = "--epochs 3 --minutes 0.5 --seed 0 --config b --engine wasm --precision fast";
    expect(read(command(), ...args.split(" "))).toMatchObject({
      epochs: 3,
      minutes: 0.5,
      seed: 0,
      config: "b",
      engine: "wasm",
      precision: "fast",
    });
  });

  test.each([
    "--epochs 0",
    "--epochs 1.5",
    "--minutes 0",
    "--seed -1",
    "--engine gpu",
    "--precision half",
  ])("%s is rejected", (args) => {
    expect(read(command(), ...args.split(" "))).toContain("is invalid");
  });

  test("a mistyped name gets a suggestion", () => {
    expect(read(command(), "--epoch", "3")).toContain("(Did you mean --epochs?)");
  });
});

describe("overrideTraining", () => {
  const config = { epochs: 30, maxSteps: 100, maxSeconds: 60, seed: 1, clipNorm: 5 };

  test("changes nothing if no option is given", () => {
    expect(overrideTraining(config, {})).toEqual(config);
  });

  test("limits on the command line replace all of the config's", () => {
    const { epochs, maxSteps, maxSeconds, ...rest } = config;
    expect(overrideTraining(config, { minutes: 2 })).toEqual({ ...rest, maxSeconds: 120 });
    expect(overrideTraining(config, { epochs: 4 })).toEqual({ ...rest, epochs: 4 });
    const both = overrideTraining(config, { epochs: 4, minutes: 2 });
    expect(both).toEqual({ ...rest, epochs: 4, maxSeconds: 120 });
  });

  test("replaces the seed", () => {
    expect(overrideTraining(config, { seed: 0 })).toEqual({ ...config, seed: 0 });
  });
});
