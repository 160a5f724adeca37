import { existsSync } from "node:fs";
import { join } from "node:path";
import { AttendError } from "@attend/runtime/errors";
import { ensureWritableDirectory } from "@attend/runtime/files";
import { kindOf } from "./model.ts";
import type { Kind } from "./responder.ts";

/**
 * Makes sure, before long work, that a model can be written to a folder; one of the same kind is replaced.
 *
 * @throws AttendError BAD_ARGUMENT if it has another model; WRITE_FAILED
 */
export async function requireFreeFolder(folder: string, kind: Kind): Promise<void> {
  if (existsSync(join(folder, "config.json"))) {
    const found = await kindOf(folder).catch(() => "another program's model");
    if (found !== kind) {
      const message = `${folder} has a model already (${found}), which would be lost; give another --out`;
      throw new AttendError("BAD_ARGUMENT", message);
    }
  }
  await ensureWritableDirectory(folder);
}
