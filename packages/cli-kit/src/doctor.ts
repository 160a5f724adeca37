import { arch, availableParallelism, platform, release, totalmem } from "node:os";

/** What `--doctor` prints: engine, why it and no other, versions, and how to get a faster one. */
export async function doctorReport(): Promise<string> {
  const { loadEngine } = await import("@attend/runtime");
  const engine = await loadEngine();
  const lines = [
    `engine    ${engine.name} (${engine.library}), TensorFlow.js ${engine.version}`,
    `because   ${engine.reason}`,
    `threads   ${engine.threads} of ${availableParallelism()} processors`,
    `memory    ${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    `node      ${process.versions.node} on ${platform()} ${release()}, ${arch()}`,
  ];
  if (engine.name === "wasm") {
    lines.push("faster    set up the native engine: `pnpm run engine` says what it needs");
  }
  return lines.join("\n");
}
