#!/usr/bin/env node
import { messageOf } from "../errors.ts";
import { setUpEngine } from "./set-up.ts";

/** The install step. It always succeeds: the wasm engine needs no set-up. */
const line = await setUpEngine(process.env["ATTEND_ENGINE_SETUP"] || "auto").catch(
  (error: unknown) => `wasm engine, because the set-up failed: ${messageOf(error)}`,
);
console.log(`attend: ${line}`);
