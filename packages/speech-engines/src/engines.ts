import { catalog, type EngineKind } from "./catalog.ts";
import { megabytesOf, missingOf, remedyFor } from "./install/installed.ts";

/** An engine, for a list of what is there. */
export interface EngineInfo {
  readonly name: string;
  readonly kind: EngineKind;
  /** Codes of ISO 639; none for a voice activity detector. */
  readonly languages: readonly string[];
  /** What is downloaded for it, if it is the only one: `173 MB`; `a system package` if nothing is. */
  readonly size: string;
  readonly installed: boolean;
  /** Whether `installEngine` can install it; other parts come from the system's package manager. */
  readonly downloadable: boolean;
  /** One line: how to install it; empty if it is installed. */
  readonly remedy: string;
}

/** Every engine; of a kind, the default ones first, best first. */
export async function engines(): Promise<readonly EngineInfo[]> {
  return catalog.map(({ name, kind, languages, parts }) => {
    const missing = missingOf(parts);
    const megabytes = megabytesOf(parts);
    const installed = missing.length === 0;
    return {
      ...{ name, kind, languages, installed },
      downloadable: missing.every((part) => part.kind !== "system"),
      size: megabytes === 0 ? "a system package" : `${megabytes} MB`,
      remedy: installed ? "" : remedyFor(name, missing),
    };
  });
}
