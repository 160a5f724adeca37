import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoBrowser } from "./browser.ts";
import { openStudio, type Studio } from "./studio.ts";

const tabs = ["photo", "translate", "talk", "chat", "train", "learn"];
const narrow = { width: 360, height: 740 };

describe.skipIf(whyNoBrowser)("the page's shell", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  test("axe finds nothing on any tab, light or dark", async () => {
    const page = await studio.open("photo");
    for (const tab of tabs) {
      await page.goto(`${studio.server.url}/#/${tab}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await studio.audit(page), tab).toEqual([]);
    }
    await page.context().close();
  });

  test("every tab fits a narrow screen", async () => {
    const page = await studio.open("photo", { viewport: narrow });
    for (const tab of tabs) {
      await page.goto(`${studio.server.url}/#/${tab}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width, tab).toBe(narrow.width);
    }
    await page.context().close();
  });

  test("the keyboard alone reaches every tab", async () => {
    const page = await studio.open("photo");
    await page.getByRole("heading", { name: "What is in the photo?" }).waitFor();
    await page.keyboard.press("Tab");
    for (const name of ["Translate", "Talk", "Chat", "Train", "Learn"]) {
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tab", { name, selected: true }).waitFor();
    }
    expect(page.url()).toMatch(/#\/learn$/);
    await page.goBack();
    await page.getByRole("tab", { name: "Train", selected: true }).waitFor();
    await page.context().close();
  });

  test("language and theme are chosen, and kept", async () => {
    const page = await studio.open("photo");
    await page.getByRole("button", { name: /in Chinese/ }).click();
    await page.getByRole("heading", { name: "照片里有什么？" }).waitFor();
    await page.getByRole("button", { name: /切换为浅色/ }).click();
    await page.getByRole("button", { name: /切换为深色/ }).click();
    await page.reload();
    await page.getByRole("heading", { name: "照片里有什么？" }).waitFor();
    const [language, theme] = await page.locator("html").evaluateAll(([html]) => {
      return [html?.getAttribute("lang"), html?.getAttribute("data-theme")];
    });
    expect([language, theme]).toEqual(["zh-CN", "dark"]);
    await page.context().close();
  });
});
