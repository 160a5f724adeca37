import { withoutControls } from "../control-characters.ts";

/** Tags that web editors leave in answers. Others, such as `<file>`, are text. */
const tag =
  /<(\/?)(a|abbr|article|b|big|blockquote|body|br|button|center|cite|code|dd|del|details|div|dl|dt|em|font|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nobr|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|var|video)((?:\s[^<>]*)?)\/?>/gi;
const hidden = /<(script|style)\b[^>]*>.*?<\/\1\s*>|<!--.*?-->/gis;
const block = /^(address|article|blockquote|br|dd|div|dl|dt|h\d|hr|ol|p|pre|section|table|tr|ul)$/i;

const entities: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", copy: "©", euro: "€" },
  ...{ hellip: "…", mdash: "—", ndash: "–", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”" },
};

/** An answer for the terminal: HTML as plain text, without terminal escapes and control characters. */
export function plainText(answer: string): string {
  const isHtml = [hidden, tag].some((pattern) => answer.search(pattern) >= 0);
  return withoutControls(isHtml ? withoutTags(answer) : answer);
}

function withoutTags(html: string): string {
  const links: string[] = [];
  return html
    .replace(hidden, "")
    .replace(tag, (_, slash: string, name: string, attributes: string) => {
      const isEnd = slash !== "";
      if (/^li$/i.test(name)) return isEnd ? "" : "\n- ";
      if (/^a$/i.test(name)) return isEnd ? (links.pop() ?? "") : openLink(attributes, links);
      return block.test(name) ? "\n" : "";
    })
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, decodeEntity)
    .replace(/[ \t]*\n\s*/g, "\n")
    .trim();
}

/** A link's address is written after its text. */
function openLink(attributes: string, links: string[]): string {
  const [, address] = /\bhref\s*=\s*["']?([^"'\s>]+)/i.exec(attributes) ?? [];
  links.push(address === undefined ? "" : ` (${address})`);
  return "";
}

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
