import { expect, test } from "vitest";
import { plainText } from "../src/present/plain-text.ts";

test.each([
  ["We ship to <b>all</b> of Europe.", "We ship to all of Europe."],
  ["<p>One.</p><p>Two&nbsp;&amp; three.<br/>Four</p>", "One.\nTwo & three.\nFour"],
  ["<ul><li>tea</li><li>coffee &#8364;2</li></ul>", "- tea\n- coffee €2"],
  ['See <a class="x" href="https://a.b/c">our page</a>.', "See our page (https://a.b/c)."],
  ["<script>alert('<b>')</script><!-- no --><i>yes</i>", "yes"],
  // No HTML: placeholders and comparisons are text.
  ["Use --out <folder>; 1 < 2 &amp; 3 > 2\n", "Use --out <folder>; 1 < 2 &amp; 3 > 2\n"],
  ["a\u001b[31mb\u0007\tc\nd\u202e", "ab\tc\nd"],
])("%j is shown as %j", (answer, shown) => {
  expect(plainText(answer)).toBe(shown);
});
