import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "@attend/runtime/cache";
import { expect, test } from "vitest";
import { startServer, temporaryFolder } from "./support/start.ts";

/** Where `.ci/run` installs it. */
const schemathesis = join(cacheFolder(), "schemathesis/bin/schemathesis");
const isThere = existsSync(schemathesis);
if (!isThere) {
  const command = `python3 -m venv ${join(cacheFolder(), "schemathesis")}, then its bin/pip install -r requirements.txt`;
  process.stderr.write(`test of /openapi.json skipped: no ${schemathesis}; ${command}\n`);
}

/*
 * Requests that schemathesis makes from the description, valid and not, and chains of them: no answer has a status, type or
 * body that is not described, and none is a fault of the server.
 */
test.skipIf(!isThere)("the server does what /openapi.json says", { timeout: 600_000 }, async () => {
  const folder = temporaryFolder();
  const limits = { processes: 1, queue: 16, maxUpload: 2 ** 20 };
  const { url } = await startServer({ ...limits, runs: join(folder, "runs") });
  const config = join(import.meta.dirname, "schemathesis.toml");
  const args = [`--config-file=${config}`, "run", `${url}/openapi.json`, "--no-color"];
  const run = promisify(execFile)(schemathesis, args, { cwd: folder, maxBuffer: 2 ** 26 });
  // What it found is in its output.
  const { stdout } = await run.catch(({ stdout }) => ({ stdout: String(stdout) }));
  expect(stdout).toMatch(/(\d+) generated, \1 passed/);
});
