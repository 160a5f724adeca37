export { currentEngine, type Engine, type EngineName, loadEngine } from "./engine.ts";
export { AttendError, type ErrorCode, messageOf, systemCodeOf } from "./errors.ts";
export { createRandom, type Random, type RandomState } from "./random.ts";
export { tf } from "./tf.ts";
