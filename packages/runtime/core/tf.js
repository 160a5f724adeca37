import { createRequire } from "node:module";

// `import` would make Node read tfjs-core (1 MB) twice to find its exports, which takes 0.1 s.
const require = createRequire(import.meta.url);
export const tf = require("@tensorflow/tfjs-core");
