import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { nodeArguments } from "@attend/runtime/program";
import { missingCommand, mpirun, temporaryDirectory } from "@attend/test-kit";
import { expect, test } from "vitest";
import { makeHosts, mpirunOnHosts, removeHosts } from "./support/mpi/hosts.ts";

const program = join(import.meta.dirname, "support/mpi/program.ts");

interface Line {
  readonly rank: number;
  readonly sums: number[];
  readonly single: number;
  readonly gathered: object[];
  readonly busy: number;
  readonly addresses: string[];
}

/** Runs the program, and expects what its processes print. */
function expectTogether([command = "", ...args]: readonly string[], size: number): Line[] {
  const options = { encoding: "utf8", timeout: 240_000 } as const;
  const { stdout, stderr, status } = spawnSync(
    command,
    [...args, process.execPath, ...nodeArguments(program)],
    options,
  );
  expect(status, stderr).toBe(0);
  const lines: Line[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  lines.sort((a, b) => a.rank - b.rank);
  expect(lines.map(({ rank }) => rank)).toEqual(Array.from({ length: size }, (_, i) => i));
  const ranks = lines.reduce((sum, { rank }) => sum + rank, 0);
  for (const [i, line] of lines.entries()) {
    expect(line.sums).toEqual(lines[0]?.sums);
    for (const [at, sum] of line.sums.entries()) {
      expect(sum).toBeCloseTo(size * (at % 7) + ranks / 10, 5);
    }
    expect(line.single).toBe(ranks);
    expect(line.gathered).toEqual(
      // JSON's null for NaN is the program's own.
      lines.map(({ rank }) => ({ rank, größe: "é".repeat(rank), none: null })),
    );
    // They wait for two seconds.
    if (i < size - 1) expect(line.busy).toBeLessThan(1);
  }
  return lines;
}

const missing = missingCommand("mpirun", "mpicc");
if (missing !== undefined) {
  test.skip(`processes of mpirun (there is no ${missing})`);
} else {
  test("three processes sum and gather, and wait without using the processor", () => {
    expectTogether([...mpirun, "-n", "3"], 3);
  });

  test("two hosts, each in a network namespace of its own", ({ skip, onTestFinished }) => {
    onTestFinished(removeHosts);
    const reason = makeHosts();
    if (reason !== undefined) skip(`no network namespaces: ${reason}`);
    const lines = expectTogether(mpirunOnHosts(temporaryDirectory()), 2);
    for (const [i, { addresses }] of lines.entries())
      expect(addresses).toContain(`10.99.7.${i + 1}`);
  });
}
