import { collectBytes } from "@attend/runtime/bytes";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { badImage, firstLine, tooLarge } from "./bad-image.ts";

export interface FetchOptions {
  /** What errors call it. */
  readonly name: string;
  /** Seconds for all of it, redirects included. */
  readonly timeout: number;
  readonly maxBytes: number;
}

/** Milliseconds; Node's timers take no more. */
const longestTimeout = 2 ** 31 - 1;

/**
 * What an `http:`, `https:` or `data:` address gives; up to 20 redirects are followed.
 *
 * @throws AttendError READ_FAILED where there is no answer in time, or another one than the picture;
 *   BAD_IMAGE where it is larger than `maxBytes`; BAD_ARGUMENT for another kind of address
 */
export async function fetchBytes(address: URL, options: FetchOptions): Promise<Uint8Array> {
  const { name, timeout, maxBytes } = options;
  if (!["http:", "https:", "data:"].includes(address.protocol)) {
    const kinds = "http:, https:, file: and data: are";
    throw new AttendError("BAD_ARGUMENT", `${name}: ${address.protocol} is not read; ${kinds}`);
  }
  if (address.username !== "" || address.password !== "") {
    const message = `${address.host}: an address with a password is not read; download the picture yourself`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const signal = AbortSignal.timeout(Math.min(Math.ceil(timeout * 1000), longestTimeout));
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) {
      await response.body?.cancel();
      const answer = `${response.status} ${response.statusText}`.trim();
      throw readFailed(name, `the server answers ${answer}; check the address`);
    }
    const bytes = await collectBytes(response.body ?? [], maxBytes, () => tooLarge(name, maxBytes));
    // Servers that know no endings say so of pictures, too.
    const isCalledPage = /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
    if (isCalledPage && /^\s*</.test(bytes.toString("latin1", 0, 1024))) {
      throw badImage(name, "is a web page, not a picture; give the address of the picture itself");
    }
    return bytes;
  } catch (thrown) {
    if (AttendError.isInstance(thrown)) throw thrown;
    if (signal.aborted) {
      throw readFailed(name, `it takes more than ${timeout} s; try again or raise timeout`, thrown);
    }
    throw readFailed(name, reasonOf(thrown), thrown);
  }
}

function readFailed(name: string, reason: string, cause?: unknown): AttendError {
  return new AttendError("READ_FAILED", `cannot read ${name}: ${reason}`, { cause });
}

/** `fetch failed` tells nothing; what it was caused by does. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = systemCodeOf(cause);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "there is no such server, or no network; check the address";
  }
  if (code === "ECONNREFUSED") return "the server takes no connection; check the address";
  const reason = firstLine(cause ?? thrown);
  return reason === "redirect count exceeded"
    ? "it redirects in circles; check the address"
    : reason;
}
