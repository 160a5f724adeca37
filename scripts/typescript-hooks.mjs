import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const cache = join(import.meta.dirname, "../node_modules/.cache/attend-typescript");
const hash = (text) => createHash("sha1").update(text).digest("hex");

/** Node's hook that loads a module: for TypeScript, the JavaScript, kept until the file changes. */
export async function load(url, context, nextLoad) {
  const { pathname } = new URL(url);
  if (!url.startsWith("file:") || !pathname.endsWith(".ts")) return nextLoad(url, context);
  const source = readFileSync(new URL(url), "utf8");
  const kept = join(cache, `${hash(url)}.mjs`);
  // The last line says what it was made from.
  const origin = `\n//${hash(source)}\n`;
  let code = read(kept);
  if (!code.endsWith(origin)) {
    code = (await toJavaScript(source, basename(pathname))) + origin;
    write(kept, code);
  }
  return { format: "module", source: code, shortCircuit: true };
}

async function toJavaScript(source, sourcefile) {
  const { transformSync } = await import("esbuild");
  const { code } = transformSync(source, {
    loader: "ts",
    target: "es2022",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    sourcefile,
    sourcemap: "inline",
    sourcesContent: false,
  });
  return code;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** In one step, since other programs may read it; a folder that cannot be written to only costs time. */
function write(file, content) {
  try {
    mkdirSync(cache, { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, content);
    renameSync(part, file);
  } catch {}
}
