/**
 * The command with which a user sets up the native engine, in the repository or with the package.
 */
export const setUpCommand = import.meta.url.endsWith(".ts")
  ? "`pnpm -w run engine`"
  : "`npx attend-engine`";
