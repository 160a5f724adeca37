/**
 * Adds up the vitest reports of all packages and prints what failed, with its message, and `N passed,
 * N failed`. A test file that did not load counts as one failure, and so does each failed step (an
 * argument), unless its failures are in the reports. Exits with 1 if anything failed or nothing ran.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";

const failedSteps = process.argv.slice(2);
const folders = ["packages", "apps", "faces"]
  .filter((parent) => existsSync(parent))
  .flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}`));

let passed = 0;
let failed = 0;
for (const folder of ["tests", "benchmarks", ...folders]) {
  const report = `${folder}/.vitest/report.json`;
  if (!existsSync(report)) continue;
  for (const file of JSON.parse(readFileSync(report, "utf8")).testResults) {
    const failures = file.assertionResults.filter((test) => test.status === "failed");
    passed += file.assertionResults.filter((test) => test.status === "passed").length;
    if (file.status !== "failed") continue;
    failed += Math.max(1, failures.length);
    for (const test of failures.length > 0 ? failures : [file]) {
      const messages = test.failureMessages ?? [test.message];
      console.log(
        `failed: ${relative("", file.name)} ${test.fullName ?? ""}\n${messages.join("\n").slice(0, 1500)}`,
      );
    }
  }
}
const testStep = failedSteps.filter((step) => step.endsWith(" test")).length;
failed = failedSteps.length - testStep + Math.max(failed, testStep);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
