import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addTrainOptions, options, overrideTraining } from "../src/index.ts";

/** What a command makes of its arguments; what it writes to stderr where it refuses them. */
function read(command: Command, ...args: string[]): Record<string, unknown> | string {
  let told = "";
  command
    .exitOverride()
    .configureOutput({ writeErr: (text) => (told += text) })
    .action(() => {});
  try {
    return command.parse(args, { from: "user" }).opts();
  } catch {
    return told;
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
  ])("takes %s", (value, parsed) => {
    expect(heldOut(value)).toEqual({ heldOut: parsed });
  });

  test("takes 0 where nothing need be held out", () => {
    expect(heldOut("0", true)).toEqual({ heldOut: 0 });
    expect(heldOut("0")).toContain(
      "It takes a share between 0 and 1, or a whole number from 1 on.",
    );
  });

  test.each(["1.5", "-1", "half", ""])("refuses %j", (value) => {
    expect(heldOut(value)).toContain("'--held-out <n>' argument");
  });
});

describe("a path", () => {
  test("is not empty", () => {
    const command = () => new Command().addOption(options.model());
    expect(read(command(), "--model", "runs/a")).toEqual({ model: "runs/a" });
    expect(read(command(), "--model", "")).toContain("It takes a path, and none was given.");
  });
});

describe("a training's options", () => {
  const command = () => addTrainOptions(new Command("train"), { out: "runs/a" });

  test("have defaults where the config has none", () => {
    expect(read(command())).toEqual({ out: "runs/a", resume: false, quiet: false });
  });

  test("are read", () => {
    const args = "--epochs 3 --minutes 0.5 --seed 0 --config b --engine wasm";
    expect(read(command(), ...args.split(" "))).toMatchObject({
      epochs: 3,
      minutes: 0.5,
      seed: 0,
      config: "b",
      engine: "wasm",
    });
  });

  test.each(["--epochs 0", "--epochs 1.5", "--minutes 0", "--seed -1", "--engine gpu"])(
    "%s is refused",
    (args) => {
      expect(read(command(), ...args.split(" "))).toContain("is invalid");
    },
  );

  test("a former name is told with the nearest one", () => {
    expect(read(command(), "--epoch", "3")).toContain("(Did you mean --epochs?)");
  });
});

describe("overrideTraining", () => {
  const config = { epochs: 30, maxSteps: 100, maxSeconds: 60, seed: 1, clipNorm: 5 };

  test("changes nothing where nothing is given", () => {
    expect(overrideTraining(config, {})).toEqual(config);
  });

  test("what is given alone ends the training", () => {
    const { epochs, maxSteps, maxSeconds, ...rest } = config;
    expect(overrideTraining(config, { minutes: 2 })).toEqual({ ...rest, maxSeconds: 120 });
    expect(overrideTraining(config, { epochs: 4 })).toEqual({ ...rest, epochs: 4 });
    const both = overrideTraining(config, { epochs: 4, minutes: 2 });
    expect(both).toEqual({ ...rest, epochs: 4, maxSeconds: 120 });
  });

  test("the seed is another", () => {
    expect(overrideTraining(config, { seed: 0 })).toEqual({ ...config, seed: 0 });
  });
});
