import { expect, test } from "vitest";
import { bodyText, escapeHtml, greetedName, headerText, maskedAddress, withoutSecrets } from "./safe-text.ts";

test.each([
  ["Your order\r\nBcc: all@example.com", "Your order Bcc: all@example.com"],
  ["a\u0000b\u001b[31mc\u202ed", "ab[31mcd"],
  ["  spaces \t and\u2028 more ", "spaces and more"],
  ["x".repeat(300), `${"x".repeat(199)}…`],
])("a header of %j is one line", (text, expected) => {
  expect(headerText(text)).toBe(expected);
});

test("a body keeps its lines and nothing else that controls", () => {
  expect(bodyText("a\r\nb\rc\n\u0007\u009bd\n")).toBe("a\nb\nc\nd");
});

test("HTML of a text is that text", () => {
  expect(escapeHtml(`<script>"&'</script>`)).toBe("&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;");
});

test.each([
  ["Ada", "Ada"],
  ["Ada St. John-Byron", "Ada St. John-Byron"],
  ["J.R. Tolkien", "J.R. Tolkien"],
  ["You won! http://spam.example", ""],
  ["www.spam.example", ""],
  ["visit spam.example now", ""],
  ["spam@example.com", ""],
  ["x".repeat(61), ""],
])("nobody is greeted with an advertisement: %s", (name, greeted) => {
  expect(greetedName(name)).toBe(greeted);
});

test("logs hold neither addresses nor tokens", () => {
  const token = `${"a".repeat(20)}.${"b".repeat(30)}.${"c".repeat(43)}`;
  const said = withoutSecrets(`550 5.1.1 <ada@example.com>: no such user ada@example.com, ${token}`);
  expect(said).toBe("550 5.1.1 <(address)>: no such user (address), (token)");
  expect(maskedAddress("ada@example.com")).toBe("a…@example.com");
  expect(maskedAddress("nobody")).toBe("…");
});
