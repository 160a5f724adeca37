/** Tokens that a vocabulary may hold: two ids then fit into one number. */
export const maxSize = 2 ** 20;
/** Characters that a token may have. */
export const maxTokenLength = 100;
/** Special tokens that it may have. */
export const maxSpecial = 1000;
