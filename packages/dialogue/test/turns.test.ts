import { type EncoderDecoder, forward, MutualInformation } from "@attend/decoding";
import { createRandom, tf } from "@attend/runtime";
import type { Seq2seqEncoding, Seq2seqState } from "@attend/seq2seq";
import { expectClose, expectNoLeak, useEngine } from "@attend/test-kit";
import { describe, expect, test } from "vitest";
import type { DialogueNetwork, Turn } from "../src/index.ts";
import { conversations, end, kinds, makeVaried } from "./support/networks.ts";

useEngine();

const target = (rows: number) => tf.tile(tf.tensor2d([[1, 5, 10]], undefined, "int32"), [rows, 1]);

function logitsOf(
  network: EncoderDecoder<Seq2seqEncoding, Seq2seqState>,
  encoding: Seq2seqEncoding,
): tf.Tensor3D {
  const rows = encoding.summary.shape[0];
  return forward(network, target(rows), network.start(encoding)).logits;
}

/** The encoding of turns as a source. */
function encoded(network: DialogueNetwork, turns: readonly Turn[]): Seq2seqEncoding {
  const source = turns.flatMap((turn) => [...turn, end]);
  const tokens = tf.tensor2d([source], undefined, "int32");
  return network.encode({ tokens, lengths: [source.length] });
}

function heard(network: DialogueNetwork, turns: readonly Turn[]): Seq2seqEncoding {
  const listener = network.listen();
  for (const turn of turns) listener.hear(turn);
  const encoding = listener.encoding();
  listener.dispose();
  return encoding;
}

describe.each(kinds)("a %s network", (kind) => {
  test("encodes what precedes each turn but the first, as if it were alone", () => {
    const network = makeVaried(kind, 4);
    const logits = logitsOf(network, network.encodeHistories(conversations));
    const histories = conversations.flatMap((turns) =>
      turns.slice(1).map((_, index) => turns.slice(0, index + 1)),
    );
    expect(logits.shape[0]).toBe(histories.length);
    for (const [row, history] of histories.entries()) {
      const alone = logitsOf(network, encoded(network, history));
      expectClose(tf.slice(logits, row, 1), alone, 1e-4);
    }
    network.dispose();
  });

  test("hears turn by turn what it reads at once, and can begin again", () => {
    const network = makeVaried(kind, 4);
    const [long = [], short = []] = conversations;
    const listener = network.listen();
    for (const turns of [long, short]) {
      for (const [index, turn] of turns.entries()) {
        listener.hear(turn);
        const expected = logitsOf(network, encoded(network, turns.slice(0, index + 1)));
        expectClose(logitsOf(network, listener.encoding()), expected, 1e-4);
      }
      listener.dispose();
    }
    expectClose(logitsOf(network, listener.encoding()), logitsOf(network, heard(network, [[]])));
    network.dispose();
  });

  test("attends only to the last turns", () => {
    const network = makeVaried(kind, 4);
    const { memory } = encoded(network, [[4, 5], [6], [8, 9, 10]]);
    expect(memory.shape[1]).toBe(2 + 4); // two turns with their ends
    network.dispose();
  });

  test("leaks no tensor", async () => {
    const network = makeVaried(kind, 4);
    const run = () => {
      const listener = network.listen();
      for (const turn of conversations[0] ?? []) {
        listener.hear(turn);
        tf.dispose(listener.encoding());
      }
      listener.dispose();
      const options = { random: createRandom(1) };
      tf.dispose([
        network.encodeHistories(conversations),
        network.encodeHistories(conversations, options),
      ]);
    };
    run();
    await expectNoLeak(run);
    network.dispose();
  });
});

test("only a hierarchical network knows of turns before the last ones", () => {
  const [last, before] = [
    [[6], [8, 9, 10]],
    [4, 5],
  ];
  for (const kind of kinds) {
    const network = makeVaried(kind, 4);
    const [alone, after] = [last, [before, ...last]].map((turns) =>
      logitsOf(network, encoded(network, turns)).dataSync(),
    );
    const isEqual = alone?.every((value, i) => Math.abs(value - (after?.[i] ?? 0)) < 1e-5);
    expect(isEqual, kind).toBe(kind === "plain");
    network.dispose();
  }
});

test("mutual information with nothing heard: steps equal one pass", () => {
  const network = makeVaried("hierarchical", 4);
  const decoder = new MutualInformation(network, { tokens: 2 });
  const given = network.encodeHistories(conversations);
  const encoding = { given, nothing: heard(network, []) };
  const tokens = target(given.summary.shape[0]);
  const { logits } = forward(decoder, tokens, decoder.start(encoding));
  let state = decoder.start(encoding);
  for (const [index, column] of (tf.unstack(tokens, 1) as tf.Tensor1D[]).entries()) {
    const stepped = decoder.step(column, state);
    expectClose(
      stepped.logits,
      tf.squeeze(tf.slice(logits, [0, index, 0], [-1, 1, -1]), [1]),
      1e-3,
    );
    state = stepped.state;
  }
  network.dispose();
});
