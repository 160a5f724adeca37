import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { explain } from "./support/program.ts";

const small = [
  "gradients",
  "--tasks",
  "adding",
  "--lengths",
  "6,10",
  "--steps",
  "2",
  "--units",
  "4",
];
const figures = ["gradients", "loss", "norm", "start", "through-time"];

describe("explain", { timeout: 600_000 }, () => {
  test("prints measurements, and writes plots and numbers", async () => {
    const out = join(temporaryDirectory(), "out");
    const { code, stdout, stderr } = await explain([...small, "--out", out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [start, trained, files] = stdout.trimEnd().split("\n\n");
    expect(start?.split("\n")).toHaveLength(2 + 2 * 4);
    expect(start).toContain("recurrent weights");
    expect(trained?.split("\n")).toHaveLength(2 + 2 * 8);
    expect(trained).toMatch(/^adding +10 +LSTM +no +\d\.\de[-+]\d+ /m);
    const written = files?.split("\n").map((file) => file.slice(out.length + 1));
    expect(written?.toSorted()).toEqual(readdirSync(out).toSorted());
    expect(written?.toSorted()).toEqual(
      [...figures.flatMap((name) => [`${name}.png`, `${name}.svg`]), "gradients.json"].toSorted(),
    );
    for (const name of figures) {
      expect(
        readFileSync(join(out, `${name}.png`))
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    }
    const study = JSON.parse(readFileSync(join(out, "gradients.json"), "utf8"));
    expect(study.options).toMatchObject({ lengths: [6, 10], steps: 2, seed: 1 });
    expect(study.trainings[0].before).toHaveLength(6);
  });

  test("prints a line of JSON for each network", async () => {
    const out = temporaryDirectory();
    const { code, stdout } = await explain([...small, "--lengths", "6", "--out", out, "--json"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(8);
    expect(JSON.parse(lines[1] ?? "")).toEqual({
      task: "adding",
      length: 6,
      network: "vanilla x1.5, SGD",
      clipNorm: 1,
      before: { first: expect.any(Number), last: expect.any(Number), ratio: expect.any(Number) },
      after: { first: expect.any(Number), last: expect.any(Number), ratio: expect.any(Number) },
      largestGradientNorm: expect.any(Number),
      clippedShare: expect.any(Number),
      loss: expect.any(Number),
      baseline: 1 / 6,
      divergedAt: null,
    });
  });

  test("reports an error in one line and exits with 1", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    const { code, stdout, stderr } = await explain([...small, "--out", file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: cannot write into folder .*; choose another path\n$/);
  });

  test("exits with 2 on wrong usage; help has examples and loads no engine", async () => {
    const { code, stderr } = await explain(["gradients", "--tasks", "sorting"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Expected a comma-separated list of adding and copy");
    const help = await explain(["gradients", "--help"], { env: { ATTEND_ENGINE: "none" } });
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("explain gradients --tasks adding --lengths 40");
  });
});
