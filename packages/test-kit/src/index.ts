export { type Close, expectClose } from "./close.ts";
export { allConfigs, type ConfigOptions, pairwiseConfigs } from "./combinations.ts";
export { dataFolder, describeWithData, loadGolden } from "./data.ts";
export { expectNoLeak, useEngine } from "./engine.ts";
export { type CheckGradientOptions, checkGradient, checkVariableGradients } from "./gradient.ts";
export { missingCommand } from "./missing-command.ts";
export {
  mpirun,
  type ProgramOptions,
  type ProgramOutcome,
  runProgram,
  runProgramUntil,
} from "./program.ts";
export { startRedis, type TestRedis } from "./redis.ts";
export { type ServerProgram, startServerProgram } from "./server.ts";
export { temporaryDirectory } from "./temporary.ts";
export { expectTrainingStep } from "./training-step.ts";
