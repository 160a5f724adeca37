import { existsSync } from "node:fs";
import path from "node:path";
import { fusedKernelsOf } from "../install/native-sources.ts";
import type { TfjsNode } from "../install/tfjs-node.ts";
import { currentProcessor, threadCount } from "./identity.ts";
import { probeProducts } from "./probe.ts";
import { isBusy, type Profile, readProfile, writeProfile } from "./profile.ts";

/**
 * Measures the native engine's products on this processor, in about two seconds, and stores the profile, unless a good one
 * of the same library and kernels is stored.
 *
 * @param probe runs one measurement
 * @returns the stored profile
 * @throws an error if a measurement fails or the profile cannot be written
 */
export async function measureProcessor(
  tfjsNode: TfjsNode,
  probe = probeProducts,
): Promise<Profile> {
  const addon = path.join(tfjsNode.folder, fusedKernelsOf(tfjsNode));
  const kernels = existsSync(addon) ? addon : "";
  const stored = readProfile();
  if (stored !== undefined && stored.kernels === path.basename(kernels) && !isBusy(stored)) {
    return stored;
  }
  const threads = threadCount();
  const setting = { engine: path.join(tfjsNode.folder, tfjsNode.addon), kernels, threads };
  // One after the other: they would take each other's processors.
  const onednn = await probe({ ...setting, onednn: true });
  const eigen = await probe({ ...setting, onednn: false });
  const half =
    threads === 1
      ? undefined
      : await probe({ ...setting, threads: Math.ceil(threads / 2), onednn: undefined });
  const profile: Profile = {
    processor: currentProcessor().name,
    threads,
    library: onednn.library,
    kernels: path.basename(kernels),
    onednn: onednn.sample,
    eigen: eigen.sample,
    halfThreads: half?.sample ?? null,
  };
  await writeProfile(profile);
  return profile;
}
