import { createEncoder } from "@attend/recurrent";
import { serveSide } from "./side.ts";

/** Our side of main.ts. */
await serveSide(({ cell, layers, units, bidirectional }) => {
  const both = bidirectional ? "all" : "none";
  const encoder = createEncoder({ cell, layers, inputSize: units, units, bidirectional: both });
  return {
    run: (input) => encoder.forward(input).output,
    weights: () => encoder.parameters(),
  };
});
