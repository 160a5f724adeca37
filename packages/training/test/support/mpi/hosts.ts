import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const run = (command: string) => spawnSync("sh", ["-ec", command], { encoding: "utf8" });

/** Two hosts on this machine: network namespaces, and a cable between them. */
export const hosts = ["10.99.7.1", "10.99.7.2"] as const;
const cable = hosts.map(
  (host) => `ip -n ${host} addr add ${host}/24 dev attend0
  ip -n ${host} link set attend0 up
  ip -n ${host} link set lo up`,
);

/**
 * Makes the hosts, whose namespaces are named by their addresses.
 *
 * @returns why they cannot be made, if so
 */
export function makeHosts(): string | undefined {
  const [one, other] = hosts;
  const made = run(`ip netns add ${one}
    ip netns add ${other}
    ip link add attend0 netns ${one} type veth peer name attend0 netns ${other}
    ${cable.join("\n")}`);
  return made.status === 0 ? undefined : made.stderr.trim();
}

export function removeHosts(): void {
  for (const host of hosts) run(`ip netns del ${host}`);
}

/** `mpirun` on the first host for both, with a file in `folder` in the place of ssh. */
export function mpirunOnHosts(folder: string): string[] {
  const [shell, list] = [join(folder, "shell"), join(folder, "hosts")];
  writeFileSync(shell, `#!/bin/sh\nhost=$1; shift\nexec ip netns exec "$host" sh -c "$*"\n`);
  chmodSync(shell, 0o755);
  writeFileSync(list, hosts.map((host) => `${host} slots=1\n`).join(""));
  const network = ["btl_tcp_if_include", "oob_tcp_if_include"].flatMap((name) => [
    ...["--mca", name, "10.99.7.0/24"],
  ]);
  const start = ["ip", "netns", "exec", hosts[0], "mpirun", "--allow-run-as-root"];
  const reach = ["--hostfile", list, "--mca", "plm_rsh_agent", shell, "--mca", "btl", "self,tcp"];
  return [...start, "--bind-to", "none", ...reach, ...network, "-n", `${hosts.length}`];
}
