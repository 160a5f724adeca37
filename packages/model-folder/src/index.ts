export { findModel, packageFolder } from "./folder.ts";
export {
  defineModel,
  type LoadOptions,
  type Model,
  type ModelDeclaration,
  type Models,
  type StoredModel,
} from "./models.ts";
export { readTensors } from "./tensors.ts";
