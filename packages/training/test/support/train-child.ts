import { loadEngine } from "@attend/runtime";
import { train } from "../../src/index.ts";
import { resumable } from "./resumable.ts";
import { createToy } from "./toy.ts";

// Trains into the folder given, resuming what is there; a line for each event. It is there to be killed.
await loadEngine();
await train(createToy(), resumable, {
  out: process.argv[2] ?? "",
  resume: true,
  onEvent: ({ type, step }) => process.stdout.write(`${type} ${step}\n`),
});
