import { Button } from "react-aria-components";
import { ApiError } from "../api/client.ts";
import { type Dictionary, useText } from "../i18n/index.ts";

/** Tells what went wrong and what to do about it; nothing if there is no error. */
export function Notice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const text = useText();
  if (error === undefined) return null;
  return (
    <div className="notice" role="alert">
      <p>{explain(error, text)}</p>
      {onRetry && (
        <Button className="button" onPress={onRetry}>
          {text.errors.retry}
        </Button>
      )}
    </div>
  );
}

/** A sentence on an error. What the server says ends with a remedy; where it cannot say it, the page does. */
function explain(error: unknown, text: Dictionary): string {
  const { errors } = text;
  if (error instanceof DOMException) return errors.denied(error.message);
  if (!(error instanceof ApiError)) return errors.unexpected(String(error));
  const said = sentence(error.message);
  switch (error.status) {
    case 0:
      return errors.noServer;
    case 400:
    case 422:
      return errors.notValid(said);
    case 404:
      return errors.notFound(said);
    case 413:
      return errors.tooLarge(said);
    case 415:
      return errors.notReadable(said);
    case 429:
      return errors.busy(error.retryAfter ?? 1);
    case 503:
      return errors.restarted;
    case 504:
      return errors.tooSlow;
    default:
      return errors.unexpected(said);
  }
}

/** A capital first and a full stop last, as in text rather than on a command line. */
function sentence(message: string): string {
  const first = message.slice(0, 1).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
