import { parseConfig } from "@attend/runtime/config";
import { transformerPresets } from "@attend/transformer";
import { expect, test } from "vitest";
import { modelConfigSchema, presetSchema } from "../src/config.ts";

const transformer = { kind: "transformer", ...transformerPresets.tiny };

/** The config of a model with this network. */
const read = (network: unknown) =>
  parseConfig(modelConfigSchema, { from: "en", to: "de", network }, "config.json");

test("fills in the defaults of a network", () => {
  const { network } = read(transformer);
  expect(network).toEqual({
    ...transformer,
    norm: "pre",
    positions: "sinusoidal",
    maxPositions: 512,
    activation: "relu",
    tied: "all",
    activationDropout: 0,
  });
});

test.each([
  [
    { ...transformer, heads: 3, layers: 2 },
    "network.layers: unknown key; network.heads: the heads do not divide the size; correct it",
  ],
  [
    { kind: "seq2seq", decoder: { start: "copy", layers: 2 } },
    'network.decoder.start: "copy" requires the cell and the number of layers of the encoder',
  ],
  [
    { kind: "convs2s", embeddingSize: 4, encoder: { layers: 1, size: 0 } },
    "network.encoder.size: too small: expected number to be >0; network.decoder: expected object",
  ],
  [{ kind: "lstm" }, "network.kind: expected 'transformer' | 'seq2seq' | 'convs2s'"],
  [{ ...transformer, preset: "tiny" }, "network.preset: unknown key"],
  [undefined, "network: expected object, but it is missing"],
])("reports the invalid keys of the network %j", (network, faults) => {
  expect(() => read(network)).toThrow(
    expect.objectContaining({
      code: "BAD_CONFIG",
      message: expect.stringContaining(`config.json: ${faults}`),
    }),
  );
});

test("keys of a preset can be overridden", () => {
  const { dropout, heads } = { dropout: 0, heads: 8 };
  expect(presetSchema.parse({ kind: "transformer", preset: "tiny", dropout, heads })).toEqual(
    presetSchema.parse({ ...transformer, dropout, heads }),
  );
});

test.each([
  [{ kind: "transformer", preset: "huge" }, ["preset"], "must be one of tiny, small, base"],
  [{ kind: "transformer", preset: "toString" }, ["preset"], "must be one of tiny, small, base"],
  [{ kind: "seq2seq", preset: "luong", readout: "state" }, ["readout"], '"state" would ignore'],
  [{ kind: "lstm", preset: "tiny" }, ["kind"], "Expected 'transformer'"],
  [{}, ["kind"], "Expected 'transformer'"],
])("rejects %j with a preset", (network, path, message) => {
  expect(presetSchema.safeParse(network).error?.issues[0]).toMatchObject({
    path,
    message: expect.stringContaining(message),
  });
});
