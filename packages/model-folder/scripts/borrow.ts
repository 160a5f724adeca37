/**
 * Removes tensors from a shipped model's weights that a model in another package has as well, bit for bit, and notes
 * there who has them. The model's package.json names that package among its dependencies.
 *
 *     pnpm exec tsx --conditions=@attend/source packages/model-folder/scripts/borrow.ts \
 *       models/answerer/model.safetensors @attend/captioner encoder.
 */

import { writeFileAtomic } from "@attend/runtime/files";
import { withoutBorrowed } from "../src/tensors.ts";

const [file = "", lender = "", prefix = ""] = process.argv.slice(2);
await writeFileAtomic(file, await withoutBorrowed(file, { lender, prefix }));
