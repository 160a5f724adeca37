import { AttendError } from "@attend/runtime/errors";
import type { Engine } from "../catalog.ts";
import { findPart, type Part } from "./part.ts";

export function missingOf(parts: readonly Part[]): Part[] {
  return parts.filter((part) => findPart(part) === undefined);
}

export function isInstalled({ parts }: Engine): boolean {
  return missingOf(parts).length === 0;
}

/** @throws AttendError DATA_MISSING with what to do, if a part of an engine is not installed */
export function requireInstalled({ name, parts }: Engine): void {
  const missing = missingOf(parts);
  if (missing.length === 0) return;
  const message = `${name} is not installed; ${remedyFor(name, missing)}`;
  throw new AttendError("DATA_MISSING", message);
}

/** One line: what to do to get the missing parts of an engine. */
export function remedyFor(name: string, missing: readonly Part[]): string {
  const megabytes = megabytesOf(missing);
  const system = missing.flatMap((part) => (part.kind === "system" ? [part.remedy] : []));
  const download = `run \`attend-interpret setup ${name}\` (${megabytes} MB)`;
  return [...new Set(system), ...(megabytes > 0 ? [download] : [])].join("; then ");
}

/** The megabytes that are downloaded for parts. */
export function megabytesOf(parts: readonly Part[]): number {
  const sizes = parts.map((part) => (part.kind === "system" ? 0 : part.megabytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}
