export {
  type ConvS2SConfig,
  type ConvS2SConfigInput,
  convS2SConfigSchema,
  convS2SNetworkSchema,
  convS2SPresets,
} from "./config.ts";
export { type ConvEncoding, ConvS2S, type ConvState, createConvS2S } from "./convs2s.ts";
