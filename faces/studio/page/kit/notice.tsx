import "./notice.css";
import { Button } from "react-aria-components";
import { ApiError } from "../api/client.ts";
import { type Dictionary, useText } from "../i18n/index.ts";

/** Of what the server would refuse again. */
const final = [400, 413, 415, 422];

/** Tells what went wrong and what to do about it; nothing if there is no error. */
export function Notice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const text = useText();
  if (error === undefined) return null;
  const isFinal = error instanceof ApiError && final.includes(error.status);
  return (
    <div className="notice" role="alert">
      <p>{explain(error, text)}</p>
      {onRetry && !isFinal && (
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
  switch (error.code) {
    case "NO_SERVER":
      return errors.noServer;
    case "ENGINE_ENDED":
      return errors.restarted;
    case "CHAT_NOT_FOUND":
      return errors.forgotten;
    case "TIMEOUT":
      return errors.tooSlow;
    case "INTERNAL":
      return errors.unexpected(said);
  }
  switch (error.status) {
    case 404:
      return errors.notFound(said);
    case 413:
      return errors.tooLarge(said);
    case 415:
      return errors.notReadable(said);
    case 429:
      return errors.busy(error.retryAfter ?? 1);
    default:
      return errors.notValid(said);
  }
}

/** A capital first, unless it is that of a file's name, and a full stop last: as in text rather than on a command line. */
function sentence(message: string): string {
  const first = message.replace(/^\p{Ll}(?=[\p{L}’']*[\s,])/u, (letter) => letter.toUpperCase());
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
