import { afterEach, describe, expect, test, vi } from "vitest";
import { alone, joinGroup, placeInGroup } from "../src/group/index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the place in a group", () => {
  const places: readonly [string, Record<string, string>, { rank: number; size: number }][] = [
    ["a program of its own", {}, { rank: 0, size: 1 }],
    ["mpirun", { OMPI_COMM_WORLD_RANK: "2", OMPI_COMM_WORLD_SIZE: "4" }, { rank: 2, size: 4 }],
    ["srun --mpi=pmix", { PMIX_RANK: "1", SLURM_STEP_NUM_TASKS: "8" }, { rank: 1, size: 8 }],
    // A job's batch script, and what a shell in it starts.
    ["Slurm without MPI", { SLURM_STEP_NUM_TASKS: "8" }, { rank: 0, size: 1 }],
  ];
  test.each(places)("of %s", (_, variables, place) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    expect(placeInGroup()).toEqual(place);
  });
});

test("a process that is alone sums nothing, and gathers what it gives", async () => {
  const group = await joinGroup();
  expect(group).toBe(alone);
  const values = Float32Array.of(1, 2);
  group.startSum(values);
  await group.finishSums();
  expect([...values]).toEqual([1, 2]);
  const given = { state: Number.NaN };
  expect((await group.gather(given))[0]).toBe(given);
});
