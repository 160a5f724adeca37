import { onEngines } from "../../vitest.shared.ts";

export default onEngines({
  everywhere: "{augment,efficientnet-lite,encoder-file,small-cnn,tiny-network,to-input}",
});
