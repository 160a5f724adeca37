export type { Install } from "./engines/choose-engine.ts";
export type {
  InterpretedSentence,
  Interpreter,
  InterpretingStep,
  InterpretOptions,
  Sound,
} from "./interpreter.ts";
export { type InterpreterOptions, loadInterpreter } from "./load-interpreter.ts";
