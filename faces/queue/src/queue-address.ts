import { AttendError } from "@attend/runtime/errors";

/** Which queue, and in which Redis. */
export interface QueueAddress {
  /** Of the Redis, as ioredis reads it. */
  readonly url: string;
  /** Such as `127.0.0.1:6379`; without a password, for messages. */
  readonly host: string;
  readonly name: string;
}

/**
 * Parses `redis://[user:password@]host[:port]/name[?db=1]`; `rediss:` is over TLS.
 *
 * @throws AttendError BAD_ARGUMENT
 */
export function parseQueueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const name = url && decodeURIComponent(url.pathname.slice(1));
  const isRedis = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== "";
  if (!isRedis || name === undefined || !/^[\w.-]{1,100}$/.test(name)) {
    const hint = isRedis ? "its name must be of letters, digits, '.', '-' and '_'" : "it is wrong";
    const shown = text.replace(/\/\/.*@/, "//");
    const message = `"${shown}" is not the address of a queue: ${hint}; give redis://host/name, such as redis://127.0.0.1/photos`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  url.pathname = `/${url.searchParams.get("db") ?? ""}`;
  url.search = "";
  return { url: url.href, host: `${url.hostname}:${url.port || "6379"}`, name };
}
