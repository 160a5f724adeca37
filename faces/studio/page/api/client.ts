import type { ErrorBody } from "@attend/serve/schemas";

/** The server's answer to what it could not do, or that there was none (status 0). */
export class ApiError extends Error {
  readonly status: number;
  /** The server's name for what went wrong. */
  readonly code: string;
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;

  constructor(message: string, status: number, code = "NO_SERVER", retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export interface Ask {
  readonly method?: "GET" | "POST" | "DELETE";
  /** A file's bytes, a form, or anything that becomes JSON. */
  readonly body?: Blob | FormData | object;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly signal?: AbortSignal;
  /** What the answer is to be; default: JSON. */
  readonly accept?: string;
}

/** @throws ApiError, or the signal's reason */
export async function ask(path: string, options: Ask = {}): Promise<Response> {
  const { body, query = {}, signal = null, method = body ? "POST" : "GET" } = options;
  const { accept = "application/json" } = options;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const address = parameters.size > 0 ? `/v1/${path}?${parameters}` : `/v1/${path}`;
  const headers = { accept, ...typeOf(body) };
  const sent = body === undefined || isFile(body) ? body : JSON.stringify(body);
  const request: RequestInit = {
    method,
    signal,
    headers,
    ...(sent === undefined ? {} : { body: sent }),
  };
  const response = await fetch(address, request).catch((cause) => {
    if (signal?.aborted) throw signal.reason;
    throw new ApiError(String(cause), 0);
  });
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** As `ask`, with the JSON of the answer; the server is of the same version, so its word is trusted. */
export async function askJson<Answer>(path: string, options: Ask = {}): Promise<Answer> {
  const response = await ask(path, options);
  const answer: Answer = await response.json().catch((cause: unknown) => {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ApiError(String(cause), 0);
  });
  return answer;
}

/** Files and other values as a form; what is undefined is left out. */
export function formOf(
  values: Readonly<Record<string, File | string | readonly string[] | undefined>>,
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) {
    if (value instanceof File) form.append(name, value, value.name);
    else for (const each of [value ?? []].flat()) form.append(name, each);
  }
  return form;
}

function isFile(body: Blob | FormData | object): body is Blob | FormData {
  return body instanceof Blob || body instanceof FormData;
}

/** A file and a form have theirs. */
function typeOf(body: Ask["body"]): Record<string, string> {
  return body === undefined || isFile(body) ? {} : { "content-type": "application/json" };
}

async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : undefined;
  const said: ErrorBody | undefined = await response.json().catch(() => undefined);
  const { code, message } = said?.error ?? { code: "UNKNOWN", message: response.statusText };
  return new ApiError(message, response.status, code, retryAfter);
}
