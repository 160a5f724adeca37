export { fitPrior, type RewordedFaq } from "./faq/fit-prior.ts";
export type { Prior } from "./faq/prior.ts";
export { type MatcherTraining, trainMatcher } from "./faq/train-matcher.ts";
export type { IntentExample } from "./intents/examples.ts";
export { type IntentTraining, trainIntents } from "./intents/train-intents.ts";
