import { expect, test } from "vitest";
import { mayAskWithCookies } from "./cors-origins.ts";

test.each([
  ["http://localhost:8000", true],
  ["http://localhost", true],
  ["https://127.0.0.1:3000", true],
  ["http://localhost.evil.example", false],
  ["http://localhost:8000.evil.example", false],
  ["http://evil.example/?http://localhost", false],
  ["http://127.0.0.1.evil.example", false],
  ["null", false],
])("by default, %s: %s", (origin, allowed) => {
  expect(mayAskWithCookies(origin, "local")).toBe(allowed);
});

test("origins that are named, and no other", () => {
  const allowed = ["https://shop.example"];
  expect(mayAskWithCookies("https://shop.example", allowed)).toBe(true);
  expect(mayAskWithCookies("https://shop.example.evil.example", allowed)).toBe(false);
  expect(mayAskWithCookies("http://localhost:8000", allowed)).toBe(false);
});
