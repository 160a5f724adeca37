import { printable } from "@attend/runtime/errors";

/**
 * `a, b, c and 9 more`
 *
 * @param total how many there are, where `names` are only the first
 */
export function nameSome(names: readonly (string | number)[], total = names.length): string {
  const some = names.slice(0, 3).map((name) => printable(String(name)));
  const rest = total - some.length;
  return some.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}

/** Data as a message may quote it: in quotes, without what a terminal obeys, and not at length. */
export function quoted(data: string, maxLength = 60): string {
  const cut = data.length > maxLength ? `${data.slice(0, maxLength)}...` : data;
  return `"${printable(cut)}"`;
}
