/**
 * The only source of tensors. Every engine registers itself with this module, so packages import
 * `tf` from `@attend/runtime`, never from TensorFlow.js directly.
 */
export { tf } from "#tf";
