import { join } from "node:path";

/** The folder of CLINC150 and BANKING77. */
export const intentsFolder = join(
  process.env["ATTEND_DATA"] ?? join(import.meta.dirname, "../../../shared/data"),
  "intents",
);
