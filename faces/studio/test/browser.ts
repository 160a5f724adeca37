import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian's package `chromium` puts it. */
const executablePath = "/usr/bin/chromium";

/** Why tests in a browser are skipped, if they are. */
export const whyNoBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `${executablePath} is missing; \`apt-get install chromium\` adds it`;

/** Starts Chromium, without a window and without whatever it would do on its own. The caller closes it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A camera and a microphone that need no one to allow them.
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}
