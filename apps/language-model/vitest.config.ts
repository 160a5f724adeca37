import { onEngines } from "../../vitest.shared.ts";

export default onEngines({ everywhere: "{model,network,shipped,subword-model}" });
