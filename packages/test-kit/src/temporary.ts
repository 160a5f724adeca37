import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Creates an empty folder that is removed after the test; call it in a test or in `beforeEach`. */
export function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), "attend-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
