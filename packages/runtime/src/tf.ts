/**
 * The one place from which tensors come. Every engine registers itself with this same module, so
 * packages import `tf` from `@attend/runtime`, never from TensorFlow.js itself.
 */
export { tf } from "#tf";
