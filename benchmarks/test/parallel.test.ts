import { expect, test } from "vitest";
import {
  allReduceSeconds,
  efficiency,
  ethernet,
  mostMachines,
  updateSeconds,
} from "../parallel/model.ts";

const network = { latency: 1e-4, secondsPerByte: 1e-8 };
const update = { computing: 1, bytes: 40e6 };

test("an all-reduce sends each gradient less than twice, in a logarithm of rounds", () => {
  expect(allReduceSeconds(1, 40e6, network)).toBe(0);
  expect(allReduceSeconds(2, 40e6, network)).toBeCloseTo(2e-4 + 0.4, 10);
  expect(allReduceSeconds(4, 40e6, network)).toBeCloseTo(4e-4 + 0.6, 10);
  // However many machines there are, the gradients cross each one's cable twice.
  expect(allReduceSeconds(1000, 40e6, { ...network, latency: 0 })).toBeCloseTo(0.8, 2);
});

test("an update also has small messages, in a logarithm of rounds", () => {
  expect(updateSeconds(1, update, network)).toBe(1);
  expect(updateSeconds(4, update, network)).toBeCloseTo(1 + 7 * 2 * 1e-4 + 4e-4 + 0.6, 10);
  expect(efficiency(4, update, network)).toBeCloseTo(1 / 1.6018, 10);
});

test("the wire ends the scaling of a slow network, latency that of a distant one", () => {
  expect(mostMachines(update, network, 0.72)).toBe(1);
  expect(mostMachines(update, network, 0.6)).toBe(5);
  expect(mostMachines({ ...update, bytes: 0 }, { ...network, latency: 0.01 }, 0.5)).toBe(2048);
  expect(mostMachines(update, { latency: 0, secondsPerByte: 1e-9 }, 0.9)).toBeUndefined();
});

test("Ethernet carries 94 % of its speed", () => {
  expect(1 / ethernet(1).secondsPerByte / 1e6).toBeCloseTo(117.7, 1);
  expect(ethernet(10).secondsPerByte * 10).toBeCloseTo(ethernet(1).secondsPerByte, 15);
});
