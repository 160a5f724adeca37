import { AttendError, messageOf } from "@attend/runtime/errors";
import { Redis } from "ioredis";
import type { QueueAddress } from "./queue-address.ts";

interface JobOptions {
  readonly connection: Redis;
  readonly prefix: string;
}

/** A connection to the Redis that a queue is in; whoever opens it closes it. */
export class Store {
  readonly redis: Redis;
  /** Of the queue. */
  readonly name: string;

  private constructor(redis: Redis, name: string) {
    this.redis = redis;
    this.name = name;
  }

  /**
   * @param onLost told why the connection was lost; it is opened again, and what was asked meanwhile is asked then
   * @throws AttendError READ_FAILED if there is no Redis, or it refuses
   */
  static async open(
    { url, host, name }: QueueAddress,
    onLost: (why: string) => void = () => {},
  ): Promise<Store> {
    let isOpen = false;
    let reason = "";
    const redis = new Redis(url, {
      lazyConnect: true,
      connectTimeout: 10_000,
      keepAlive: 10_000,
      // Of a connection whose other end has vanished, nothing else is heard; workers wait for 10 s at most.
      socketTimeout: 30_000,
      maxRetriesPerRequest: null,
      retryStrategy: (times) => (isOpen ? Math.min(100 * times, 2000) : null),
    });
    redis.on("error", (error: Error) => {
      reason = messageOf(error);
      if (isOpen) onLost(`${host}: ${reason}`);
    });
    try {
      await redis.connect();
      await redis.ping();
    } catch (thrown) {
      redis.disconnect();
      const why = reason || messageOf(thrown);
      const remedy = "start one with redis-server, or give another --queue";
      const message = `no Redis answers at ${host} (${why}); ${remedy}`;
      throw new AttendError("READ_FAILED", message, { cause: thrown });
    }
    isOpen = true;
    return new Store(redis, name);
  }

  /** The key of a part of what is known of the queue. */
  key(part: string): string {
    return `attend:bulk:${this.name}:${part}`;
  }

  /** What queues and workers of BullMQ are opened with. */
  get jobOptions(): JobOptions {
    return { connection: this.redis, prefix: "attend:jobs" };
  }

  /** Closes the connection; what was asked and not answered is lost. */
  close(): void {
    this.redis.disconnect();
  }
}
