import { describe, expect, test } from "vitest";
import { addressProblem, TYPE_PATTERN, tokenEvents, wantsType } from "./endpoint.ts";

test.each([
  [["*"], "order.placed", true],
  [["order.*"], "order.placed", true],
  [["order.placed"], "order.placed", true],
  [["order.placed"], "order.paid", false],
  [["order.*"], "order-update-token.created", false],
  [["payment.*", "customer.*"], "order.placed", false],
  [["order.*", "customer.created"], "customer.created", true],
  [["*", "order.*"], "cart.updated", false],
  [["cart.*"], "cart.updated", true],
  [["cart.updated"], "cart.updated", true],
  [["cart.updated"], "cart.created", false],
  [["order-edit.*"], "order-edit-item-change.CREATED", false],
])("who asks for %j gets %s: %s", (types, type, wanted) => {
  expect(wantsType(types, type)).toBe(wanted);
});

test.each(["order-edit-item-change.CREATED", "publishable_api_key.*", "*"])("%s can be asked for", (type) => {
  expect(type).toMatch(new RegExp(TYPE_PATTERN));
});

test.each(tokenEvents)("%s is for those alone who name it", (type) => {
  const family = `${type.split(".")[0]}.*`;
  expect(wantsType(["*", family], type)).toBe(false);
  expect(wantsType([type], type)).toBe(true);
  expect(type).toMatch(new RegExp(TYPE_PATTERN));
});

describe("addresses", () => {
  test("away from production http goes anywhere, and nothing else does", () => {
    expect(addressProblem("http://10.0.0.1:3000/hooks", true)).toBeUndefined();
    expect(addressProblem("http://10.0.0.1:3000/hooks", false)).toBe("not_https");
    expect(addressProblem("file:///etc/passwd", true)).toBe("not_https");
    expect(addressProblem("http://me@localhost", true)).toBe("has_password");
  });

  test.each(["http://127.0.0.1.example", "http://localhost.example", "http://127.1.example/"])(
    "%s is not this machine",
    (url) => {
      expect(addressProblem(url, false)).toBe("not_https");
    },
  );
});
