#!/usr/bin/env node
import { messageOf } from "../errors.ts";
import { setUpEngine } from "./set-up.ts";

/** The install step. Whatever happens, it ends well: the wasm engine needs no set-up. */
const line = await setUpEngine(process.env["ATTEND_ENGINE_SETUP"] || "auto").catch(
  (error: unknown) => `wasm engine, since the set-up failed: ${messageOf(error)}`,
);
console.log(`attend: ${line}`);
