import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Pool } from "./pool/pool.ts";

/** What `/metrics` tells. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: "attend_request_seconds",
    help: "Seconds from a request to the end of its response",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [this.#registry],
  });
  readonly #batches = new Histogram({
    name: "attend_batch_size",
    help: "Requests that an engine process worked on together",
    labelNames: ["task"],
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Measures every request. */
  readonly observe: MiddlewareHandler = async (c, next) => {
    const end = this.#requests.startTimer({ method: c.req.method });
    await next();
    end({ route: routePath(c, -1), status: c.res.status });
  };

  /** A job of the pool. */
  readonly onJob = (task: string, size: number): void => this.#batches.observe({ task }, size);

  /** Tells how much the pool has to do. */
  watch(pool: Pool): void {
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers: [this.#registry],
        collect() {
          this.set(value());
        },
      });
    gauge("attend_requests_waiting", "Requests in the queue", () => pool.load.waiting);
    gauge("attend_requests_running", "Requests in engine processes", () => pool.load.running);
    gauge("attend_engine_processes", "Engine processes", () => pool.processes.length);
  }

  /** In the format of Prometheus. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
