import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { changeReference, idsOf, isOurReference, startReference } from "./adyen-reference.ts";

test("references are read again, and are short enough for Adyen", () => {
  for (let times = 0; times < 200; times += 1) {
    const [orderId, paymentId, key] = [randomUUID(), randomUUID(), randomUUID()];
    const start = startReference({ orderId, paymentId, operation: "purchase" });
    expect(idsOf(start)).toEqual({ orderId, paymentId, purchase: true });
    expect(start.length).toBeLessThanOrEqual(80);
    const change = changeReference({ orderId, paymentId, key });
    expect(idsOf(change)).toEqual({ orderId, paymentId, operationId: key });
    expect(change.length).toBeLessThanOrEqual(80);
    expect([start, change].every(isOurReference)).toBe(true);
  }
});

test.each(["", "order-17", "a.b", "a.b.c.d", "ZXKDLGVT4B8H6P52"])("%s is nobody's of ours", (text) => {
  expect(idsOf(text)).toBeUndefined();
});
