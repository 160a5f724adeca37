export { type FaqOptions, trainFaq } from "./faq/training.ts";
export { type IntentOptions, trainIntentModel } from "./intents/training.ts";
export type { TeachOptions } from "./teach.ts";
