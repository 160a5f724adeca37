import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { trainCommand } from "../../src/commands/train.ts";
import { writer } from "./files.ts";
import { pairs } from "./models.ts";

/** A config for one second of training. */
export function tinyTraining(changes: object = {}) {
  return {
    model: {
      network: {
        ...{ kind: "transformer", size: 8, heads: 2, feedForwardSize: 8 },
        ...{ encoderLayers: 1, decoderLayers: 1 },
      },
    },
    training: { epochs: 1, optimizer: { name: "adam", learningRate: 0.01 } },
    ...changes,
  };
}

/** One side of the pairs as a file's content. */
export function linesOf(side: "source" | "target"): string {
  return pairs.map((pair) => `${pair[side]}\n`).join("");
}

/** The pairs as a TSV's content. */
export function rows(): string {
  return pairs.map(({ source, target }) => `${source}\t${target}\n`).join("");
}

/** `attend-translate train` in this process, with a separate folder for each test. */
export function useTrainCommand() {
  let write: ReturnType<typeof writer> = () => {
    throw new RangeError("outside a test");
  };
  let folder = "";
  let stderr = "";
  beforeEach(() => {
    write = writer();
    folder = dirname(write("config.json", JSON.stringify(tinyTraining())));
    stderr = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += text;
      return true;
    });
    vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const train = (...args: readonly string[]) => {
    const options = ["--out", join(folder, "out"), "--config", join(folder, "config.json")];
    const languages = args.includes("--from") ? [] : ["--from", "en", "--to", "de"];
    return trainCommand()
      .exitOverride()
      .parseAsync([...options, ...languages, ...args], { from: "user" });
  };
  return {
    train,
    write: (name: string, content: string | Uint8Array) => write(name, content),
    /** The folder that `write` writes into. */
    folder: () => folder,
    /** The stderr of this test. */
    stderr: () => stderr,
    /** Reads an output file of the training run. */
    out: (file: string) => readFileSync(join(folder, "out", file), "utf8"),
    /** Expects a one-line error that contains all `parts`. */
    async expectRejection(args: readonly string[], ...parts: readonly (string | RegExp)[]) {
      const failure: Error = await train(...args).then(
        () => new Error("no error"),
        (thrown) => thrown,
      );
      for (const part of parts) expect(failure.message).toMatch(part);
      expect(failure.message.trimEnd()).not.toContain("\n");
    },
  };
}
