import { lettering } from "@attend/lettering";
import { textMetrics } from "vega";

// Vega exports it; its types leave it out.
declare module "vega" {
  export const textMetrics: { width: (item: TextItem, text: unknown) => number };
}

/** What of a text decides how wide it is. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Lets Vega lay out with the letters that {@link outlineText} will draw. */
export function measureWithLettering(): void {
  textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
    lettersOf(fontWeight).width(String(text ?? ""), fontSize);
}

const anchors: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };

/**
 * The same SVG with each text as an outline, so that it looks the same on a machine without fonts.
 *
 * @param svg what Vega writes: one line a text, attributes in double quotes
 */
export function outlineText(svg: string): string {
  return svg.replaceAll(/<text([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, label: string) => {
    const given = new Map(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    );
    if (given.get("opacity") === "0" || label === "") return "";
    const size = Number.parseFloat(given.get("font-size") ?? "11");
    const letters = lettersOf(given.get("font-weight"));
    const text = plain(label);
    const left = -(anchors[given.get("text-anchor") ?? "start"] ?? 0) * letters.width(text, size);
    const kept = ["transform", "fill", "opacity"]
      .filter((name) => given.has(name))
      .map((name) => ` ${name}="${given.get(name)}"`);
    const name = label.replaceAll('"', "&quot;");
    return `<path aria-label="${name}"${kept.join("")} d="${letters.outline(text, left, 0, size)}"/>`;
  });
}

function lettersOf(weight: string | number | undefined) {
  return lettering(weight === "bold" || Number(weight) >= 600 ? 600 : 400);
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
