import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@attend/test-kit";

/** Returns a function that writes files into a new folder and returns their paths. */
export function writer(): (name: string, content: string | Uint8Array) => string {
  const folder = temporaryDirectory();
  return (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
}
