/** A request that is not answered as asked: its status, and a message that tells what to do. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 504;
  readonly code: string;
  /** In seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    status: HttpError["status"],
    code: string,
    message: string,
    { retryAfter, cause }: { retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
