import { createRandom, tf } from "@attend/runtime";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import { batchesOf, cutConversations } from "../src/examples.ts";
import {
  createDialogue,
  type DialogueNetwork,
  dialoguePreset,
  dialogueTask,
  measureDialogue,
  reply,
  type Turn,
} from "../src/index.ts";
import { conversations, kinds, makeVaried } from "./support/networks.ts";

useEngine();

const special = { start: 1, end: 7, suppressed: [0, 3] };
const options = { special, tokensPerBatch: 12, maxTokens: 9, forget: 0 };

async function lossOf(
  network: DialogueNetwork,
  of: readonly Turn[],
  forget: number,
): Promise<number> {
  const task = dialogueTask(network, [of], { ...options, forget });
  const [plan = []] = task.plan(0, createRandom(1));
  const batch = await task.load(plan, createRandom(2));
  const [loss = Number.NaN] = tf.tidy(() => task.loss(batch, createRandom(3)).loss.dataSync());
  task.release(batch);
  return loss;
}

describe.each(kinds)("a %s network", (kind) => {
  test("is measured by the loss it is trained on, in pieces of long conversations as well", async () => {
    const network = makeVaried(kind, 4);
    const limits = { special, maxTokens: 9 };
    const { nats, tokens } = await measureDialogue(network, conversations, limits);
    expect(tokens).toBe(1 + 1 + 3 + 1 + 2 + 1 + 1 + 1 + 3 + 1);
    const [first = [], second = []] = conversations;
    const losses = [await lossOf(network, first, 0), await lossOf(network, second, 0)];
    const sum = (losses[0] ?? 0) * (tokens - 4) + (losses[1] ?? 0) * 4;
    expect(nats).toBeCloseTo(sum, 3);
    const cut = await measureDialogue(network, conversations, { ...limits, maxTurns: 2 });
    expect(cut.tokens).toBe(tokens);
    expect(Math.abs(cut.nats - nats)).toBeGreaterThan(1e-3);
    network.dispose();
  });

  test("that forgets learns each turn as a reply to nothing", async () => {
    const network = makeVaried(kind, 4);
    const last = [5, 6, 8];
    expect(await lossOf(network, [[12, 4], last], 1)).toBeCloseTo(
      await lossOf(network, [[9], last], 1),
      5,
    );
    expect(await lossOf(network, [[12, 4], last], 0)).not.toBeCloseTo(
      await lossOf(network, [[9], last], 0),
      3,
    );
    network.dispose();
  });
});

test("a hierarchical network learns ten conversations by heart, whose ends depend on their beginnings", async () => {
  const size = 32;
  const preset = { ...dialoguePreset, embeddingSize: size, hiddenSize: size, dropout: 0 };
  const network = createDialogue(
    { network: preset, turns: 1, vocabularySize: 34, end: special.end },
    createRandom(2),
  );
  const learned = Array.from({ length: 10 }, (_, i) => [[10 + i], [8, 9], [20 + i, 31, 10 + i]]);
  const all = { ...options, tokensPerBatch: 1000 };
  const task = dialogueTask(network, learned, all);
  const adam = tf.train.adam(0.01);
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 200 && loss > 0.03; step++) {
    const [plan = []] = task.plan(step, createRandom(step));
    const batch = await task.load(plan, createRandom(step));
    const cost = () => task.loss(batch, createRandom(step)).loss;
    const value = adam.minimize(cost, true, network.parameters());
    loss = value?.dataSync()[0] ?? Number.NaN;
    value?.dispose();
    task.release(batch);
  }
  for (const [opening = [], between = [], ending] of learned) {
    const listener = network.listen();
    listener.hear(opening);
    listener.hear(between);
    const said: number[] = [];
    const plainly = { special, mutualInformation: { weight: 0 } };
    for await (const token of reply(network, listener, plainly)) said.push(token);
    expect(said).toEqual(ending);
    listener.dispose();
  }
  adam.dispose();
  network.dispose();
});

test("an epoch has each conversation once, in batches that are not too large", () => {
  const many = Array.from({ length: 30 }, (_, i) => [Array(i).fill(5), [4]]);
  const batches = batchesOf(many, { tokensPerBatch: 20, random: createRandom(1) });
  expect(batches.flat().sort((a, b) => a - b)).toEqual([...many.keys()]);
  for (const batch of batches) {
    const tokens = batch.reduce((sum, index) => sum + index + 3, 0);
    expect(batch.length === 1 || tokens <= 20).toBe(true);
  }
});

test("long conversations are cut into pieces in which each turn but the first is replied once", () => {
  const turns = Array.from({ length: 8 }, (_, i) => [i]);
  const first = (pieces: (readonly Turn[])[]) => pieces.map((piece) => piece.flat());
  expect(first(cutConversations([turns], 4))).toEqual([
    [0, 1, 2, 3],
    [3, 4, 5, 6],
    [6, 7],
  ]);
  expect(first(cutConversations([turns], 8))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
  expect(first(cutConversations([[[1]], turns.slice(0, 2)], 2))).toEqual([[0, 1]]);
});

describe("a reply", () => {
  const collect = async (tokens: AsyncIterable<number>, most = 100) => {
    const all: number[] = [];
    for await (const token of tokens) if (all.push(token) === most) break;
    return all;
  };

  test("is the same for the same random numbers, and says nothing again", async () => {
    const network = makeVaried("hierarchical", 4);
    const listener = network.listen();
    listener.hear([4, 5]);
    const say = (said: Turn[] = []) =>
      collect(
        reply(network, listener, {
          ...{ special, random: createRandom(1), temperature: 2, topP: 1 },
          ...{ maxLength: 12, minLength: 12, noRepeatNgram: 2, noRepeatSaid: 2, said },
        }),
      );
    const first = await say();
    expect(first).toHaveLength(12);
    expect(await say()).toEqual(first);
    const pairs = (tokens: readonly number[]) =>
      tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
    expect(new Set(pairs(first)).size).toBe(11);
    const again = await say([first]);
    expect(pairs(again).filter((pair) => pairs(first).includes(pair))).toEqual([]);
    listener.dispose();
    network.dispose();
  });

  test("leaks no tensor, however it ends", async () => {
    const network = makeVaried("plain", 4);
    const listener = network.listen();
    listener.hear([4, 5]);
    const long = { special, minLength: 6, noRepeatNgram: 0 };
    await collect(reply(network, listener, long));
    await expectNoLeak(async () => {
      await collect(reply(network, listener, long));
      await collect(reply(network, listener, long), 2);
      const aborted = { ...long, signal: AbortSignal.abort() };
      await expect(collect(reply(network, listener, aborted))).rejects.toMatchObject({
        code: "INTERRUPTED",
      });
    });
    listener.dispose();
    network.dispose();
  });

  test("with invalid options is an error", async () => {
    const network = makeVaried("plain", 4);
    const bad = { special, mutualInformation: { weight: -1 } };
    await expect(collect(reply(network, network.listen(), bad))).rejects.toThrow("weight is -1");
    network.dispose();
  });
});
