import { expect, test } from "vitest";
import { secretBox } from "./secret-box.ts";

const box = secretBox("a secret of at least thirty-two letters");

test("what is sealed can be read with the same secret at the same place", () => {
  const sealed = box.seal('{"login":"sk_test_1"}', "store stripe");
  expect(sealed).not.toContain("sk_test");
  expect(box.open(sealed, "store stripe")).toBe('{"login":"sk_test_1"}');
  expect(box.seal("x", "p")).not.toBe(box.seal("x", "p"));
});

test("another secret, another place and changed text open nothing", () => {
  const sealed = box.seal("sk_test_1", "store stripe");
  expect(secretBox("another secret of thirty-two letters").open(sealed, "store stripe")).toBeUndefined();
  expect(box.open(sealed, "other-store stripe")).toBeUndefined();
  const bytes = Buffer.from(sealed, "base64");
  bytes[14] = (bytes[14] ?? 0) ^ 1;
  expect(box.open(bytes.toString("base64"), "store stripe")).toBeUndefined();
  expect(box.open("", "store stripe")).toBeUndefined();
});
