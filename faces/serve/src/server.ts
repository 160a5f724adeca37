import { createServer as createHttpServer } from "node:http";
import { versionOf } from "@attend/cli-kit";
import { AttendError, messageOf } from "@attend/runtime/errors";
import { getRequestListener } from "@hono/node-server";
import { ChatList } from "./chat-list.ts";
import { createApp } from "./create-app.ts";
import { Metrics } from "./metrics.ts";
import { ModelList } from "./model-list.ts";
import { Pool } from "./pool/pool.ts";
import type { Services } from "./services.ts";
import { removeLeftoverFolders } from "./temporary-folder.ts";
import { Trainings } from "./trainings/trainings.ts";
import { Uploads } from "./uploads.ts";

/** Options of {@link createServer}. */
export interface ServerOptions {
  /** The address that it listens on; default 127.0.0.1, which only this machine reaches. */
  readonly host?: string | undefined;
  /** Default 4747; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Required as `Authorization: Bearer`; must be given for a `host` that others reach. */
  readonly apiKey?: string | undefined;
  /** Origins of pages that may use it besides its own. */
  readonly cors?: readonly string[] | undefined;
  /** Engine processes at a time; default 2. */
  readonly processes?: number | undefined;
  /** Requests that may wait; default 256. */
  readonly queue?: number | undefined;
  /** Seconds for a request; default 60. */
  readonly timeout?: number | undefined;
  /** Seconds until a model that is not used is dropped; default 300. */
  readonly idle?: number | undefined;
  /** Bytes of an upload; default 20 MiB. */
  readonly maxUpload?: number | undefined;
  /** Bytes of a file of a training's data; default 4 GiB. */
  readonly maxData?: number | undefined;
  /** The folder of trainings, whose models may be asked for by name; default `runs`. */
  readonly runs?: string | undefined;
  /** A folder of static files that are shown at `/`. */
  readonly page?: string | undefined;
  /** What the engine processes run, which calls `serveTasks`; default: all tasks. */
  readonly program?: URL | undefined;
}

/** An HTTP server. */
export interface Server {
  /** Such as `http://127.0.0.1:4747`. */
  readonly url: string;
  /** Takes no further requests, finishes those that it has, and ends the engine processes. */
  close(): Promise<void>;
}

/**
 * Starts a server for what the programs do. The caller closes it.
 *
 * @throws AttendError BAD_ARGUMENT if others could use it without a key, or the address is taken or not this machine's
 */
export async function createServer(options: ServerOptions = {}): Promise<Server> {
  const { host = "127.0.0.1", port = 4747, apiKey, cors, maxUpload = 20 * 2 ** 20 } = options;
  const { processes = 2, queue = 256, timeout = 60, idle = 300, runs = "runs", page } = options;
  const { maxData = 4 * 2 ** 30, program } = options;
  const isLoopback = /^(localhost|127(\.\d+){3}|::1)$/.test(host);
  if (!isLoopback && !apiKey) {
    const message = `anyone who reaches ${host} could use the server; give an API key (--api-key or ATTEND_API_KEY)`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  await removeLeftoverFolders();
  const metrics = new Metrics();
  const limits = { processes, queue, timeoutSeconds: timeout, idleSeconds: idle };
  const pool = new Pool({ ...limits, onJob: metrics.onJob, ...(program && { program }) });
  metrics.watch(pool);
  const uploads = new Uploads({ maxBytes: maxUpload, maxTotalBytes: 50 * maxUpload });
  const services: Services = {
    version: versionOf(import.meta.url),
    pool,
    uploads,
    models: new ModelList(runs),
    chats: new ChatList(uploads, 12 * idle),
    trainings: new Trainings({ folder: runs, localPaths: isLoopback }),
    dataUploads: new Uploads({ maxBytes: maxData, maxTotalBytes: 2 * maxData }),
  };
  const closeServices = async () => {
    // What trains goes on without a server.
    services.trainings.close();
    await uploads.close();
    await services.dataUploads.close();
  };
  const app = createApp(services, { access: { apiKey, cors, isLoopback }, metrics, page });
  const server = createHttpServer(
    // Of a sender that is too slow, the connection is closed.
    {
      requestTimeout: 1000 * timeout,
      headersTimeout: 1000 * Math.min(10, timeout),
      connectionsCheckingInterval: 2000,
    },
    getRequestListener(app.fetch),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, host, resolve);
    });
  } catch (cause) {
    await closeServices();
    const message = `cannot listen on ${host}, port ${port}: ${messageOf(cause)}; give another --host or --port`;
    throw new AttendError("BAD_ARGUMENT", message, { cause });
  }
  pool.warm();
  return {
    url: urlOf(server.address()),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      await pool.close();
      // Responses are still being sent.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const limit = setTimeout(() => server.closeAllConnections(), 5000);
      await closed;
      clearInterval(sweep);
      clearTimeout(limit);
      await closeServices();
    },
  };
}

function urlOf(address: ReturnType<import("node:net").Server["address"]>): string {
  if (address === null || typeof address === "string") return String(address);
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
