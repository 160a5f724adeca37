export { type CaptionFault, captionFaultKinds, captionFaults } from "./caption-faults.ts";
