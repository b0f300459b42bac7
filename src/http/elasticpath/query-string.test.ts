import fc from "fast-check";
import { expect, test } from "vitest";
import { percentDecoded, queryParameters, queryValues, rawQueryWithout } from "./query-string.ts";

test("parameters keep their order and their raw values; names are decoded", () => {
  expect(queryParameters("page%5Blimit%5D=5&&filter=eq(a,b%3D=c)&flag&=x")).toEqual([
    { name: "page[limit]", rawValue: "5", raw: "page%5Blimit%5D=5" },
    { name: "filter", rawValue: "eq(a,b%3D=c)", raw: "filter=eq(a,b%3D=c)" },
    { name: "flag", rawValue: "", raw: "flag" },
    { name: "", rawValue: "x", raw: "=x" },
  ]);
  expect(queryParameters("")).toEqual([]);
});

test("values are decoded, a plus being a space", () => {
  expect(queryValues("a=x+y&b=1&a=%2B%C3%A9&a=%ff", "a")).toEqual(["x y", "+é", "%ff"]);
});

test.each([
  ["plain", "plain"],
  ["100%", "100%"],
  ["%zz%2", "%zz%2"],
  ["%41%2C", "A,"],
  ["a+b", "a+b"],
  ["%F0%9F%98%80", "😀"],
  ["Zo\u00c3\u00ab", "Zoë"],
  ["%EF%BB%BFx", "\ufeffx"],
  ["%ff", undefined],
  ["%C3", undefined],
  ["%ED%A0%80", undefined],
  ["\u00eb", undefined],
  ["Ł", undefined],
])("%j decodes to %j", (raw, text) => {
  expect(percentDecoded(raw)).toBe(text);
});

test("encoded text decodes to itself", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(percentDecoded(encodeURIComponent(text))).toBe(text);
    }),
  );
});

test("a query for a link leaves out the named parameters and holds nothing that a URL cannot", () => {
  expect(
    rawQueryWithout('page%5Blimit%5D=5&filter=eq(name,"a|b#c")&page[offset]=3&q=100%&u=\u00c3\u00ab', [
      "page[limit]",
      "page[offset]",
    ]),
  ).toBe("filter=eq(name,%22a%7Cb%23c%22)&q=100%&u=%C3%AB");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
      (raw) => {
        const kept = rawQueryWithout(raw, []);
        expect(kept).toMatch(/^[!$%&'()*+,\-./:;=?@[\]~\w]*$/);
        const meaning = (query: string) =>
          queryParameters(query).map((parameter) => percentDecoded(parameter.raw));
        expect(meaning(kept)).toEqual(meaning(raw));
      },
    ),
  );
});
