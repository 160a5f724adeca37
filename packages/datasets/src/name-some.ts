/** `a, b, c and 9 more` */
export function nameSome(names: readonly (string | number)[], limit = 3): string {
  const rest = names.length - limit;
  return names.slice(0, limit).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
