import { onEngines } from "../../vitest.shared.ts";

export default onEngines({ everywhere: "{adam,ema,gradients,optimizer,ties,train}" });
