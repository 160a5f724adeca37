/**
 * Adds up the vitest reports of all packages and prints `N passed, N failed`. A test file that did not
 * load counts as one failure, and so does each failed step (an argument), unless its failures are in
 * the reports. Exits with 1 if anything failed or nothing ran.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";

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
    const count = (status) => file.assertionResults.filter((test) => test.status === status).length;
    passed += count("passed");
    failed += file.status === "failed" ? Math.max(1, count("failed")) : 0;
  }
}
const testStep = failedSteps.filter((step) => step.endsWith(" test")).length;
failed = failedSteps.length - testStep + Math.max(failed, testStep);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
