import { printable } from "@attend/runtime/errors";

/**
 * `a, b, c and 9 more`
 *
 * @param total the total number, if `names` are only the first
 */
export function nameSome(names: readonly (string | number)[], total = names.length): string {
  const some = names.slice(0, 3).map((name) => printable(String(name)));
  const rest = total - some.length;
  return some.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}

/** Quotes data for a message, truncated and with control characters escaped. */
export function quoted(data: string, maxLength = 60): string {
  const cut = data.length > maxLength ? `${data.slice(0, maxLength)}...` : data;
  return `"${printable(cut)}"`;
}
