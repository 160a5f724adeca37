export { type ConvS2SConfig, convS2SConfigSchema, convS2SPresets } from "./config.ts";
export { type ConvEncoding, ConvS2S, type ConvState, createConvS2S } from "./convs2s.ts";
