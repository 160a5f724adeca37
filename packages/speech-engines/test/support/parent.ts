import { z } from "zod";
import { EngineProcess } from "../../src/engine-process.ts";

/** Starts an engine, prints its process id, and waits for an answer that never comes. */
const program = new URL("./worker.ts", import.meta.url);
const engine = new EngineProcess({ name: "test", program, settings: { greeting: "hello" } });
await engine.request({ say: "you" }, z.string());
console.log(engine.pid);
if (process.argv[2] === "exit") process.exit();
await engine.request({ hang: true }, z.string());
