import { loadEngine } from "@attend/runtime";
import { resumable } from "./resumable.ts";
import { createToy, fit } from "./toy.ts";

// Trains into the given folder, resuming if possible, and prints a line for each event; made to be killed.
await loadEngine();
await fit(createToy(), resumable, {
  out: process.argv[2] ?? "",
  resume: true,
  onEvent: ({ type, step }) => process.stdout.write(`${type} ${step}\n`),
});
