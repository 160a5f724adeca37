/** Sums and gathers with the processes that `mpirun` has started, one of which comes late; each prints what it got. */
import { networkInterfaces } from "node:os";
import { setTimeout } from "node:timers/promises";
import { joinGroup } from "@attend/runtime/group";

const group = await joinGroup();
const { rank, size } = group;
const values = Float32Array.from({ length: 100_000 }, (_, i) => (i % 7) + rank / 10);
const single = Float32Array.of(rank);
group.startSum(values);
group.startSum(single);
for (let i = 0; i < 10; i++) group.advanceSums();
await group.finishSums();
const gathered = await group.gather({ rank, größe: "é".repeat(rank), none: Number.NaN });
if (rank === size - 1) await setTimeout(2000);
const before = process.cpuUsage();
await group.gather(undefined);
const { user, system } = process.cpuUsage(before);
const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
  all.map(({ address }) => address),
);
const busy = (user + system) / 1e6;
const line = { rank, sums: [...values.slice(0, 8)], single: single[0], gathered, busy, addresses };
process.stdout.write(`${JSON.stringify(line)}\n`);
