/** What a user runs to set the native engine up again: in the repository, or with the package. */
export const setUpCommand = import.meta.url.endsWith(".ts")
  ? "`pnpm -w run engine`"
  : "`npx attend-engine`";
