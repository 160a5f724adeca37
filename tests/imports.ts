/** One import of a TypeScript file. */
export interface Import {
  readonly specifier: string;
  /** Whether the module is loaded with the file: not a type import, not `import()`. */
  readonly atLoad: boolean;
  /** Whether it only imports types. */
  readonly isType: boolean;
}

/**
 * Finds the imports of a formatted TypeScript file: `import`, `export ... from`, `import()`,
 * `require()` and `import.meta.resolve()` with a literal. Statements start a line, which distinguishes them
 * from examples in comments. `require.resolve()` inspects other packages, and is ignored.
 */
export function importsOf(code: string): Import[] {
  const statements = [...code.matchAll(statement)].map(({ groups }) => ({
    specifier: groups?.["specifier"] ?? "",
    atLoad: groups?.["type"] === undefined,
    isType: groups?.["type"] !== undefined,
  }));
  const calls = [...withoutComments(code).matchAll(call)].map(({ groups }) => ({
    specifier: groups?.["specifier"] ?? "",
    atLoad: false,
    isType: false,
  }));
  return [...statements, ...calls];
}

const statement =
  /^(?:import|export)\s+(?<type>type\s+)?(?:[\w*{}\s,$]*?\sfrom\s+)?["'](?<specifier>[^"'\n]+)["']/gm;

const call = /\b(?:import|require|import\.meta\.resolve)\s*\(\s*["'`](?<specifier>[^"'`\n]+)["'`]/g;

/** Removes comment lines; comments after code rarely contain imports. */
function withoutComments(code: string): string {
  return code.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
}
