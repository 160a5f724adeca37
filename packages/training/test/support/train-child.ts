import { loadEngine } from "@attend/runtime";
import { resumable } from "./resumable.ts";
import { createToy, fit } from "./toy.ts";

// Trains into the folder given, resuming what is there; a line for each event. It is there to be killed.
await loadEngine();
await fit(createToy(), resumable, {
  out: process.argv[2] ?? "",
  resume: true,
  onEvent: ({ type, step }) => process.stdout.write(`${type} ${step}\n`),
});
