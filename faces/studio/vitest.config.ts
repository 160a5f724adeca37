export { plain as default } from "../../vitest.shared.ts";
