export { encoderDecoderContract, expectLearning, lossOf } from "./contract.ts";
export { expectTrainsAndDecodes } from "./every-config.ts";
export { expectGolden, type Golden } from "./golden.ts";
export { drawWeights, type Model, makeSource, rowOf, special, vocabularies } from "./models.ts";
