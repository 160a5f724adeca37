import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setUpEngine } from "../../src/install/set-up.ts";
import { freshTfjsNode, scratchCache, scratchFolder } from "./support/scratch.ts";

const compiler = process.env["CC"] ?? "cc";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/**
 * Serves files by the end of their path, only on this machine; null is a path that never responds.
 */
async function serve(files: Record<string, Buffer | null>): Promise<void> {
  server = createServer(({ url = "" }, response) => {
    const found = Object.keys(files).find((name) => url.endsWith(name));
    const content = found === undefined ? undefined : files[found];
    if (content === undefined) response.writeHead(404).end();
    else if (content !== null) response.end(content);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  vi.stubEnv("TFJS_NODE_CDN_STORAGE", address);
  vi.stubEnv("npm_config_tfjs_binding_binary_host_mirror", address);
}

function archive(folder: string, member: string): Buffer {
  return execFileSync("tar", ["-czf", "-", "-C", folder, member], { maxBuffer: 1 << 26 });
}

/** A real addon, which reports libtensorflow 2.9.1. */
function compileAddon(file: string): void {
  const source = `${file}.c`;
  writeFileSync(
    source,
    `#include <node_api.h>
    NAPI_MODULE_INIT() {
      napi_value version;
      napi_create_string_utf8(env, "2.9.1", NAPI_AUTO_LENGTH, &version);
      napi_set_named_property(env, exports, "TF_Version", version);
      return exports;
    }`,
  );
  const { include_dir }: { include_dir: string } = createRequire(import.meta.url)(
    "node-api-headers",
  );
  execFileSync(compiler, ["-shared", "-fPIC", `-I${include_dir}`, "-o", file, source]);
}

function hasCompiler(): boolean {
  try {
    execFileSync(compiler, ["--version"]);
    return true;
  } catch {
    return false;
  }
}

const linux = process.platform === "linux" && process.arch === "x64";

describe.runIf(linux)("tfjs-node's installer", () => {
  it.runIf(hasCompiler())("installs the engine, which is cached", async () => {
    scratchCache();
    const folder = scratchFolder();
    mkdirSync(path.join(folder, "lib"));
    mkdirSync(path.join(folder, "napi"));
    writeFileSync(path.join(folder, "lib", "libtensorflow.so.2"), "a library");
    compileAddon(path.join(folder, "napi", "tfjs_binding.node"));
    await serve({
      "libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz": archive(folder, "lib"),
      "CPU-linux-4.22.0.tar.gz": archive(folder, "napi"),
    });
    const tfjsNode = freshTfjsNode();
    const manifest = readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8");
    vi.stubEnv("CXX", "no-such-compiler"); // The fake library has no operations.
    expect(await setUpEngine("auto", tfjsNode)).toMatch(
      /^native engine ready \(libtensorflow 2\.9\.1, from tfjs-node's installer, \d+ s\), without/,
    );
    const library = path.join(tfjsNode.folder, "deps", "lib", "libtensorflow.so.2");
    expect(readFileSync(library, "utf8")).toBe("a library");
    expect(readFileSync(path.join(tfjsNode.folder, "package.json"), "utf8")).toBe(manifest);
    expect(await setUpEngine("auto", freshTfjsNode())).toContain("from the cache");
  });

  it("fails with a one-line message if the download is corrupt", async () => {
    scratchCache();
    await serve({
      "libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz": Buffer.from("blocked by a proxy"),
    });
    expect(await setUpEngine("installer", freshTfjsNode())).toMatch(
      /^wasm engine, because the native one failed \(installer: .+\); to retry/,
    );
  });

  // Takes 20 s, so it runs only with ATTEND_TEST_INSTALL=1.
  const whole = process.env["ATTEND_TEST_INSTALL"] === "1";

  it.runIf(whole)("is aborted if its download does not start", { timeout: 600_000 }, async () => {
    scratchCache();
    await serve({ "libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz": null });
    expect(await setUpEngine("installer", freshTfjsNode())).toContain(
      "(installer: its download did not start)",
    );
  });
});
