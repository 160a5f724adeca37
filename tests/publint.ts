/** Lints every published package as it is packed. Exits with 1 if publint has anything to say about one. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packInto } from "./pack.ts";
import { readPackages } from "./packages.ts";

const repository = join(import.meta.dirname, "..");
const published = readPackages(repository).filter((each) => !each.isPrivate);
const folder = mkdtempSync(join(tmpdir(), "attend-publint-"));
try {
  for (const [name, archive] of await packInto(folder, repository, published)) {
    const tarball = new Uint8Array(readFileSync(archive)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    for (const message of messages) {
      process.exitCode = 1;
      console.log(`${name}: ${formatMessage(message, pkg)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
