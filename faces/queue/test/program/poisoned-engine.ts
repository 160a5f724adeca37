// The engine, except that one input ends its process, as one that takes too much memory would.
await import("../../../serve/src/worker/main.ts");
process.on("message", (message) => {
  if (JSON.stringify(message).includes("poison")) process.kill(process.pid, "SIGKILL");
});

export {};
