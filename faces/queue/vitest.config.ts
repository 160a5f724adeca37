import { plain } from "../../vitest.shared.ts";

/** Without "module": what @aws-sdk has for bundlers does not load in Node. */
const conditions = ["@attend/source", "node", "import", "default"];

export default {
  ...plain,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["@attend/source"] } },
};
