/** One import of a TypeScript file. */
export interface Import {
  readonly specifier: string;
  /** Whether the module is loaded when the file is: not a type, not by `import()`. */
  readonly atLoad: boolean;
  /** Whether nothing is loaded ever. */
  readonly isType: boolean;
}

/**
 * The imports that a formatted TypeScript file makes: `import`, `export ... from`, `import()`,
 * `require()` and `import.meta.resolve()` of a literal. Statements start a line, which tells them
 * from the examples in comments. `require.resolve()` looks into other packages, and is left out.
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

/** Without lines that are comments; a comment behind code seldom imports. */
function withoutComments(code: string): string {
  return code.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, "");
}
