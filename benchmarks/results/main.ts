/**
 * Makes `docs/results.md` and the tables of the models' cards from `models/<name>/results.json`:
 *
 *   pnpm run results
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "@attend/runtime/files";
import { readModelResults } from "./model-results.ts";
import { resultsPage, withScores } from "./pages.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const models = readModelResults(repository);
await writeFileAtomic(join(repository, "docs/results.md"), resultsPage(models));
for (const results of models) {
  const card = join(repository, "models", results.model, "README.md");
  await writeFileAtomic(card, withScores(readFileSync(card, "utf8"), results));
}
