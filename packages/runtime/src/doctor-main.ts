import { diagnose, formatDiagnosis } from "./doctor.ts";

const diagnosis = await diagnose();
console.log(formatDiagnosis(diagnosis));
if (diagnosis.engine === undefined) process.exitCode = 1;
