/** Why a part of a text is not translated. */
export type SpanKind =
  | "sign"
  | "word"
  | "name"
  | "number"
  | "address"
  | "file"
  | "tag"
  | "placeholder";

const topDomains = "com|org|net|edu|gov|io|dev|app|de|fr|jp|uk|ch|at|eu|cn|info|us|ca";
const endings =
  "jpe?g|png|gif|webp|heic|svg|pdf|docx?|xlsx?|pptx?|csv|tsv|txt|md|html?|xml|json|ya?ml|js|mjs|ts|tsx|py|sh|cpp|rs|go|java|zip|gz|tar|mp[34]|wav|mov|exe|dll|log|ini|toml|env";

const [notWithin, notOnward] = ["(?<![\\p{L}\\p{M}\\p{N}])", "(?![\\p{L}\\p{N}])"];

/** Markup: HTML tags and entities, Markdown links. Matched by form, without parsing. */
const tags = [
  /<\/?[a-z][\w:.-]*(?:\s(?:[^<>"']|"[^"<]{0,500}"|'[^'<]{0,500}')*|\s[^<>]*)?\/?>|<\/?\d+\/?>|<!--.{0,500}?-->|<!doctype[^<>]*>|&(?:[a-z]+|#\d+|#x[0-9a-f]+);/giu,
  /!?\[(?=[^[\]\n]{1,200}\]\()|\](?<=\[[^[\]\n]{1,200}\])\((?:[^\s()]|\([^\s()]*\))*(?:\s"[^"\n]{0,200}")?\)/gu,
];

/** Those of ICU messages may be nested. */
const placeholders = [
  /\{\s*[\w.]+\s*,\s*[a-z]+\s*(?:,(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)?\}/gu,
  /[$#@%]?(?:\{\{\{[^{}\n]{0,60}\}\}\}|\{\{[^{}\n]{0,60}\}\}|\{[^{}\n]{0,60}\})|\[\[[^[\]\n]{1,60}\]\]|<([%?])[^<>]{0,200}\1>/gu,
  /%[a-z_]\w{0,60}%|%(?:\(\w{1,60}\))?(?:\d{1,3}\$)?[-+0#]*\d*(?:\.\d+)?(?:hh?|ll?|[qzjtL])?[diufFeEgGxXoscpaA@](?![\p{L}\p{N}])|%%|\$\(\w{1,60}\)|\$[a-z_]\w*/giu,
  /(?<![\p{L}\p{N}_])__[A-Z\d_]{1,60}__(?!\w)|(?<![\p{L}\p{N}:)]):[a-z_]\w*:?(?!\w)|(`{1,3})[^`\n]+\1/gu,
];

const addresses = [
  /(?:(?:https?|ftp|file):\/\/|(?:mailto|tel):(?=\S))(?:[^\s<>"“”«»()]|\([^\s<>()]*\))*(?:[^\s<>"“”«».,;:!?()\]}'’*_]|\([^\s<>()]*\))/giu,
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_][\p{L}\p{N}._%+'-]{0,63}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  new RegExp(
    `(?<![\\p{L}\\p{N}@.-])(?:[a-z0-9-]+\\.)+(?:${topDomains})(?:/[^\\s<>"]*[^\\s<>".,;:!?)])?(?![\\p{L}\\p{N}-])`,
    "gu",
  ),
  /(?<![\p{L}\p{N}])[@#](?=[\p{N}_]{0,40}\p{L})[\p{L}\p{N}_]+(?:[/-][\p{L}\p{N}_]+)*/gu,
];

const files = [
  /(?<![\p{L}\p{N}])(?:[A-Za-z]:|\\)\\(?:[^\s"<>|?*:;,!()]*[^\s"<>|?*:;,!().])?/gu,
  new RegExp(
    `${notWithin}(?:~?\\.{0,2}/)?(?:[\\p{L}\\p{N}_.-]{1,100}/){0,50}[\\p{L}\\p{N}_-][\\p{L}\\p{N}_.-]{0,100}\\.(?:${endings}|(?<=[\\p{L}\\p{N}_]{2}\\.)[ch])${notOnward}`,
    "gu",
  ),
  /(?<![\p{L}\p{N}<])(?:(?:~|\.{1,2})\/[\p{L}\p{N}_.-]*[\p{L}\p{N}_-]|\/[\p{L}\p{N}_.-]*[\p{L}\p{N}_-](?=\/))(?:\/[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])*\/?/gu,
];

/** Markdown emphasis: runs of `*`, `_` or `~` on one side of a word. */
const emphasis =
  /(?<![\p{L}\p{N}*_~])(?:\*{1,3}|_{1,3}|~~)(?=[\p{L}\p{N}"'([<{])|(?<=[\p{L}\p{N}.,!?"')\]>}])(?:\*{1,3}|_{1,3}|~~)(?![\p{L}\p{N}*_~])/gu;

/** Names such as iPhone, YouTube and McDonald's. */
const innerCapital =
  /(?<![\p{L}\p{M}\p{N}])\p{L}*\p{Ll}\p{Lu}[\p{L}\p{M}\p{N}]*(?:['’]s(?!\p{L}))?/gu;

/** Emoji, including those of several characters; a string, because TypeScript needs ES2024 for the flag `v`. */
const emoji = "\\p{RGI_Emoji}";

/** Separators of cells and items. */
const bars = /[|│•▪‣◦●]/gu;

/** Telephone and account numbers. */
const groups = [
  `\\+\\d+(?:\\s?\\(\\d{1,5}\\)[\\s.-]?\\d+)?(?:[\\s./-]\\d+){0,8}`,
  `\\(\\d{2,5}\\)[\\s.-]?\\d{2,}(?:[\\s.-]\\d{2,}){0,6}`,
  `[A-Z]{2}\\d{2}(?:\\s[A-Z\\d]{4}){2,7}(?:\\s[A-Z\\d]{1,4})?`,
  `\\d{2,}(?:[\\s.-]\\d{2,}){2,8}`,
];

/** Letters attached to a number. */
const attached = "[\\p{L}\\p{M}]{0,20}";
/** Those that many languages write alike. */
const unit =
  "(?:km/h|[kcmµn]?m[²³]?|[kmµ]?g|[mc]?l|mph|ms|k?W|kWh|[kMGT]B|[kMG]?Hz)(?![\\p{L}\\p{M}\\p{N}])";
/** Dates, times, amounts with units; names such as B12 and COVID-19. */
const number =
  `(?:\\p{Lu}${attached}-|${attached})(?:[≈±≤≥]\\s?)?[+-]?(?:\\p{Sc}\\s?)?(?:\\d{1,3}(?:[\\u00a0\\u202f ]\\d{3})+(?!\\d)|\\p{N}+)(?:[.,:/'’T-]\\p{N}+)*(?:e[+-]\\p{N}+)?` +
  `(?:(?:-\\p{L}+(?:\\.\\p{N}+)*)+|\\s?[%‰°][CF]?(?!\\p{L})|\\s?\\p{Sc}|\\s${unit}|[\\p{L}\\p{M}\\p{N}]*)`;
const sums = `(?:\\s?[+*×÷=≈≤≥^·−]\\s?[+-]?\\p{N}+(?:[.,]\\p{N}+)*){0,20}`;

/** In order of precedence: text matched by a pattern is hidden from the following ones. */
export const patterns: readonly (readonly [SpanKind, RegExp])[] = [
  ...of("tag", tags),
  ...of("placeholder", placeholders),
  ...of("address", addresses),
  ...of("file", files),
  ...of("tag", [emphasis]),
  ...of("sign", [new RegExp(emoji, "gv"), bars]),
  ...of("name", [innerCapital]),
  ...of("number", [
    new RegExp(`${notWithin}(?:${groups.join("|")})${notOnward}`, "gu"),
    new RegExp(`${notWithin}${number}${sums}`, "gu"),
  ]),
];

function of(kind: SpanKind, expressions: readonly RegExp[]) {
  return expressions.map((expression) => [kind, expression] as const);
}
