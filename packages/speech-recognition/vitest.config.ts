export { onEveryEngine as default } from "../../vitest.shared.ts";
