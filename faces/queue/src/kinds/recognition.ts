import { recordingExtensions } from "@attend/cli-kit";
import { recognitionSchema } from "@attend/serve/schemas";
import { type Kind, requireFields } from "./kind.ts";

/** What is said in recordings. */
export const recognition: Kind = {
  task: "recognitions",
  unit: "recordings",
  // They may be long.
  batch: 1,
  field: "audio",
  extensions: recordingExtensions,
  input: (_, file) => file,
  answer: (output) => recognitionSchema.parse(output),
  check: requireFields("audio"),
};
