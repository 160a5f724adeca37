import { onEngines } from "../../vitest.shared.ts";

export default onEngines({ everywhere: "{every-config,model,network,shipped,subword-model}" });
