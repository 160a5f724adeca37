import { lettering } from "@attend/lettering";
import { textMetrics } from "vega";

// Vega exports it, but its types do not.
declare module "vega" {
  export const textMetrics: { width: (item: TextItem, text: unknown) => number };
}

/** The properties of a text that determine its width. */
interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** Makes Vega measure text with the fonts that {@link outlineText} draws. */
export function measureWithLettering(): void {
  textMetrics.width = ({ fontSize = 11, fontWeight }, text) =>
    lettersOf(fontWeight).width(String(text ?? ""), fontSize);
}

const anchors: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };

/**
 * Replaces each text of an SVG by its outline, so that it looks the same on a machine without fonts.
 *
 * @param svg from Vega: one line per text, attributes in double quotes
 */
export function outlineText(svg: string): string {
  return svg.replaceAll(/<text([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, label: string) => {
    const attribute = new Map(
      [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    );
    if (attribute.get("opacity") === "0" || label === "") return "";
    const size = Number.parseFloat(attribute.get("font-size") ?? "11");
    const letters = lettersOf(attribute.get("font-weight"));
    const text = plain(label);
    const left =
      -(anchors[attribute.get("text-anchor") ?? "start"] ?? 0) * letters.width(text, size);
    const kept = ["transform", "fill", "opacity"]
      .filter((name) => attribute.has(name))
      .map((name) => ` ${name}="${attribute.get(name)}"`);
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
