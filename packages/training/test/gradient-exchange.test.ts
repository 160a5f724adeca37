import { tf } from "@attend/runtime";
import type { Group } from "@attend/runtime/group";
import { expectNoLeak, useEngine } from "@attend/test-kit";
import { expect, test } from "vitest";
import { GradientExchange } from "../src/gradient-exchange.ts";
import { groupOf } from "./support/group.ts";

useEngine();

const names = ["first", "large", "last"] as const;
type Gradients = Partial<Record<(typeof names)[number], number>>;

/** Exchanges of processes that train three parameters, one of which fills a bucket of its own. */
function exchanges(count: number) {
  const trained = names.map((name) => {
    const shape = [name === "large" ? 2 ** 18 : 3];
    const parameter = tf.tidy(() => tf.variable(tf.zeros(shape)));
    return { name, parameter, learningRateScale: 1, weightDecay: 0 };
  });
  const members = groupOf(count).map((group) => {
    const started: number[] = [];
    const watched: Group = {
      ...group,
      startSum(values) {
        started.push(values.length);
        group.startSum(values);
      },
    };
    return { started, exchange: new GradientExchange(watched, trained) };
  });
  /** Each process offers its gradients in the order in which they are given, and gets the sums: a value of each. */
  const update = (...given: Gradients[]) =>
    Promise.all(
      members.map(async ({ exchange, started }, rank) => {
        started.length = 0;
        const own = trained.flatMap(({ name, parameter }) => {
          const value = given[rank]?.[name];
          return value === undefined ? [] : [[name, tf.fill(parameter.shape, value)] as const];
        });
        const gradients = new Map<string, tf.Tensor>(own);
        for (const name of Object.keys(given[rank] ?? {})) {
          const gradient = gradients.get(name);
          if (gradient !== undefined) exchange.offer(name, gradient);
        }
        const early = started.length;
        await exchange.finish(gradients);
        const sums = [...gradients].map(([name, sum]) => [name, sum.dataSync()[2]]);
        tf.dispose([...gradients.values()]);
        return { early, started: [...started], sums: Object.fromEntries(sums) };
      }),
    );
  return { update, dispose: () => tf.dispose(trained.map(({ parameter }) => parameter)) };
}

test("a bucket is summed as soon as it is full, in the first process's order", async () => {
  await expectNoLeak(async () => {
    const { update, dispose } = exchanges(2);
    const sums = { first: 11, large: 22, last: 33 };
    // The buckets are made at the end of the first update.
    const [one, other] = await update(
      { last: 3, large: 2, first: 1 },
      { first: 10, large: 20, last: 30 },
    );
    const started = [4 + 2 ** 18 + 1, 4];
    expect(one).toEqual({ early: 0, started, sums });
    expect(other).toEqual({ early: 0, started, sums });
    const [soon, late] = await update({ last: 3, large: 2 }, { first: 10, large: 20, last: 30 });
    expect(soon).toEqual({ early: 1, started, sums: { ...sums, first: 10 } });
    expect(late).toEqual({ early: 2, started, sums: { ...sums, first: 10 } });
    dispose();
  });
});

test("a process without a batch adds nothing, and a parameter without gradients has none", async () => {
  const { update, dispose } = exchanges(3);
  await update({ large: 1 }, { large: 1 }, { large: 1 });
  const results = await update({ large: 2, first: 0 }, {}, { large: 3 });
  for (const { started, sums } of results) {
    expect(started).toEqual([2 ** 18 + 1, 8]);
    expect(sums).toEqual({ first: 0, large: 5 });
  }
  dispose();
});
