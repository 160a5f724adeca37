import { collectBytes } from "@attend/runtime/bytes";
import { AttendError, systemCodeOf } from "@attend/runtime/errors";
import { badImage, firstLine, tooLarge } from "./bad-image.ts";

export interface FetchOptions {
  /** The picture's name in errors. */
  readonly name: string;
  /** Seconds in total, including redirects. */
  readonly timeout: number;
  readonly maxBytes: number;
}

/** Milliseconds; the limit of Node's timers. */
const maxTimeout = 2 ** 31 - 1;

/**
 * Downloads an `http:`, `https:` or `data:` URL, following up to 20 redirects.
 *
 * @throws AttendError READ_FAILED if the download fails or times out; BAD_IMAGE if it is larger than
 *   `maxBytes` or a web page; BAD_ARGUMENT for another kind of URL
 */
export async function fetchBytes(address: URL, options: FetchOptions): Promise<Uint8Array> {
  const { name, timeout, maxBytes } = options;
  if (!["http:", "https:", "data:"].includes(address.protocol)) {
    const message = `${name}: ${address.protocol} is not supported; expected http:, https:, file: or data:`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  if (address.username !== "" || address.password !== "") {
    const message = `${address.host}: an address with a password is not supported; download the picture yourself`;
    throw new AttendError("BAD_ARGUMENT", message);
  }
  const signal = AbortSignal.timeout(Math.min(Math.ceil(timeout * 1000), maxTimeout));
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) {
      await response.body?.cancel();
      const answer = `${response.status} ${response.statusText}`.trim();
      throw readFailed(name, `the server answers ${answer}; check the address`);
    }
    const bytes = await collectBytes(response.body ?? [], maxBytes, () => tooLarge(name, maxBytes));
    // Some servers declare pictures as HTML, too.
    const isDeclaredHtml = /^text\/html\b/i.test(response.headers.get("content-type") ?? "");
    if (isDeclaredHtml && /^\s*</.test(bytes.toString("latin1", 0, 1024))) {
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

/** `fetch failed` is not informative; its cause is. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = systemCodeOf(cause);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "there is no such server, or no network; check the address";
  }
  if (code === "ECONNREFUSED") return "the server refuses the connection; check the address";
  const reason = firstLine(cause ?? thrown);
  return reason === "redirect count exceeded"
    ? "it redirects too often; check the address"
    : reason;
}
