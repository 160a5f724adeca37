import { encoderDecoderContract, expectLearning } from "@attend/decoder-kit";
import { useEngine } from "@attend/test-kit";
import { describe, test } from "vitest";
import { kinds, makeNetwork, makeVaried } from "./support/networks.ts";

useEngine();

describe.each(kinds)("a %s network", (kind) => {
  encoderDecoderContract({
    make: () => makeVaried(kind, 5),
    makeSmall: () => makeVaried(kind, 2),
    makeDropout: () => makeVaried(kind, 5, 0.3),
  });

  test("learns ten pairs by heart", () => expectLearning(() => makeNetwork(kind, 32)));
});
