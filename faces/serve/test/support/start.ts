import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { createServer, type Server, type ServerOptions } from "../../src/index.ts";

let started: Server[] = [];
let folders: string[] = [];

const temporary = process.env["TMPDIR"];

afterEach(async () => {
  for (const server of started) await server.close();
  started = [];
});
afterAll(() => {
  if (temporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporary;
  for (const folder of folders) rmSync(folder, { recursive: true });
  folders = [];
});

/** A server on a free port, which is closed after the test. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const server = await createServer({ port: 0, runs: "none", ...options });
  started.push(server);
  return server;
}

/** A folder in which servers that are started from now on have their files. It is removed after the tests. */
export function temporaryFolder(): string {
  if (temporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporary;
  const folder = mkdtempSync(join(tmpdir(), "attend-serve-test-"));
  folders.push(folder);
  process.env["TMPDIR"] = folder;
  return folder;
}

/** The files below a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
