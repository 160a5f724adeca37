#!/usr/bin/env node
import { messageOf } from "../errors.ts";
import { chooseTuning, describeTuning } from "../processor/choose.ts";
import { measureProcessor } from "../processor/measure.ts";
import { setUpEngine } from "./set-up.ts";
import { setUpCommand } from "./set-up-command.ts";
import { findTfjsNode } from "./tfjs-node.ts";

/** The install step. It always succeeds: the wasm engine needs no set-up. */
const line = await setUpEngine(process.env["ATTEND_ENGINE_SETUP"] || "auto").catch(
  (error: unknown) => `wasm engine, because the set-up failed: ${messageOf(error)}`,
);
console.log(`attend: ${line}`);

const tfjsNode = findTfjsNode();
if (line.startsWith("native engine ready") && tfjsNode !== undefined) {
  const products = await measureProcessor(tfjsNode).then(
    (profile) => describeTuning(profile, chooseTuning(profile), setUpCommand),
    (error: unknown) => `by the library's default: measuring failed (${messageOf(error)})`,
  );
  console.log(`attend: products ${products}`);
}
