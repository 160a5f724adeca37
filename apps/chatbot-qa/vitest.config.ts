import { onEngines } from "../../vitest.shared.ts";

export default onEngines({ everywhere: "dialogue" });
