import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("neither TensorFlow nor the image library nor the tagger is loaded", () => {
  const script = `
    import { createRequire } from "node:module";
    await import(process.argv[1]);
    console.log(Object.keys(createRequire(import.meta.url).cache).join("\\n"));
  `;
  const index = new URL("../src/index.ts", import.meta.url).href;
  const options = ["--import", "tsx", "--conditions=@attend/source", "--input-type=module"];
  const loaded = execFileSync(process.execPath, [...options, "-e", script, index], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
  });
  expect(loaded).not.toMatch(/tensorflow|sharp|wink/);
});
