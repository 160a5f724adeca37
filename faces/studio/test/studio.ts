import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "@attend/serve";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import sharp from "sharp";
import { buildPage, isPageStale, pageFolder } from "../src/page.ts";
import { startServer } from "../src/start-server.ts";
import { openBrowser } from "./browser.ts";

/** A server with the page, and a browser. */
export interface Studio {
  readonly server: Server;
  /** The folder of trainings. */
  readonly runs: string;
  /** Opens a tab of the page. What the browser complains about is thrown when the studio is closed. */
  open(tab: string, options?: BrowserContextOptions): Promise<Page>;
  /** What axe finds on a page in both themes, which differ in colors only. */
  audit(page: Page): Promise<string[]>;
  /** Writes a picture of a page for the README, if ATTEND_SCREENSHOTS names a folder for them. */
  photograph(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStudio(): Promise<Studio> {
  if (isPageStale()) await buildPage();
  const runs = mkdtempSync(join(tmpdir(), "attend-studio-"));
  const server = await startServer(0, { page: pageFolder, runs, processes: 1 });
  const browser: Browser = await openBrowser();
  const complaints: string[] = [];
  return {
    server,
    runs,
    async open(tab, options) {
      const context = await browser.newContext({ locale: "en-US", ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        // A policy that is violated is an error of the console.
        if (message.type() === "error" && /Content Security/.test(message.text())) {
          complaints.push(message.text());
        }
      });
      await page.goto(`${server.url}/#/${tab}`);
      return page;
    },
    async audit(page) {
      await page.emulateMedia({ colorScheme: "light" });
      const light = findings(await new AxeBuilder({ page }).analyze());
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = new AxeBuilder({ page }).withRules(["color-contrast"]);
      return [...light, ...findings(await dark.analyze())];
    },
    async photograph(page, name) {
      const folder = process.env["ATTEND_SCREENSHOTS"];
      if (folder === undefined) return;
      const picture = sharp(await page.screenshot({ fullPage: true }));
      await picture.webp({ quality: 80 }).toFile(join(folder, `studio-${name}.webp`));
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(runs, { recursive: true });
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
    },
  };
}

function findings({ violations }: Awaited<ReturnType<AxeBuilder["analyze"]>>): string[] {
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
