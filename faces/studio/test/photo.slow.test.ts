import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./browser.ts";
import { openStudio, type Studio } from "./studio.ts";

const photo = join(import.meta.dirname, "../../../examples/photos/photographer.jpg");
if (whyNoBrowser) process.stderr.write(`tests of the page skipped: ${whyNoBrowser}\n`);

describe.skipIf(whyNoBrowser)("photo", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  test("a photo is captioned, and a word lights its region", async () => {
    const page = await studio.open("photo");
    await page.setInputFiles("input[type=file]", photo);
    const words = page.getByRole("toolbar").getByRole("button");
    await words.first().waitFor();
    expect((await words.allTextContents()).join(" ")).toMatch(/man.*camera/);
    await expect.poll(() => page.locator("canvas").getAttribute("data-lit")).toBe("false");
    await words.nth(1).hover();
    await page.getByText(/“man”: it looked at the/).waitFor();
    expect(await page.locator("canvas").getAttribute("data-lit")).toBe("true");
    await words.nth(1).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText(/“is”: it looked at the/).waitFor();
    await page.context().close();
  });

  test("a file that is no photo is answered with what to do, and the next photo works", async () => {
    const page = await studio.open("photo");
    const broken = { name: "broken.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no photo") };
    await page.setInputFiles("input[type=file]", broken);
    expect(await page.getByRole("alert").textContent()).toMatch(/photo|image/i);
    await page.getByRole("button", { name: "Another photo" }).click();
    await page.setInputFiles("input[type=file]", photo);
    await page.getByRole("toolbar").waitFor();
    await page.context().close();
  });
});
