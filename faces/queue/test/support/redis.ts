import { missingCommand, startRedis, type TestRedis } from "@attend/test-kit";
import { afterAll, beforeAll, describe, test } from "vitest";
import { parseQueueAddress } from "../../src/queue-address.ts";
import { Store } from "../../src/store.ts";

/** A `describe` with a Redis of its own, which is skipped where redis-server is not installed. */
export function describeWithRedis(
  name: string,
  tests: (redis: { newQueue(): string }) => void,
): void {
  if (missingCommand("redis-server") !== undefined) {
    test.skip(`${name} (redis-server is not installed; apt-get install redis-server)`);
    return;
  }
  describe(name, () => {
    let redis: TestRedis | undefined;
    let queues = 0;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis?.stop());
    tests({ newQueue: () => `${redis?.url}/queue-${queues++}` });
  });
}

/** Does something with a connection. */
export async function withStore<Result>(
  address: string,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await Store.open(parseQueueAddress(address));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
