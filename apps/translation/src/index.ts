export { drawAlignment } from "./alignment/picture.ts";
export { formatAlignment } from "./alignment/text.ts";
export { loadTranslator, type TranslatorOptions } from "./load-translator.ts";
export type { Span, SpanKind } from "./text/spans.ts";
export type { Alignment, Alternative, Translation } from "./translation.ts";
export type { TranslateOptions, Translator } from "./translator.ts";
