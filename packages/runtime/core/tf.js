import { createRequire } from "node:module";

// Not by `import`, for which Node reads the megabyte of tfjs-core twice, to find what it exports: 0.1 s.
const require = createRequire(import.meta.url);
export const tf = require("@tensorflow/tfjs-core");
