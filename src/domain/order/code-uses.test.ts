import { expect, test } from "vitest";
import { codeUseState } from "./code-uses.ts";
import type { Order } from "./order.ts";
import type { Payment, PaymentOperation } from "./payment.ts";

const at = "2026-05-01T00:00:00.000Z";
const totals = { withTax: 1000 } as Order["totals"];
const operation = (type: PaymentOperation["type"], status: PaymentOperation["status"]): PaymentOperation => ({
  id: `${type}-${status}`,
  type,
  amount: 1000,
  status,
  mechanism: "gateway",
  createdAt: at,
});
const payment = (...operations: PaymentOperation[]): Payment => ({
  id: "p",
  gateway: "fake",
  amount: 1000,
  currency: "USD",
  operations,
  createdAt: at,
  updatedAt: at,
});

test.each<[string, readonly Payment[], string | undefined, ReturnType<typeof codeUseState>]>([
  ["placed", [], undefined, "held"],
  ["being paid for", [payment(operation("purchase", "pending"))], undefined, "held"],
  ["declined", [payment(operation("purchase", "failed"))], undefined, "free"],
  [
    "declined, and being paid for again",
    [payment(operation("purchase", "failed")), payment(operation("authorize", "pending"))],
    undefined,
    "held",
  ],
  ["authorized", [payment(operation("authorize", "complete"))], undefined, "final"],
  ["voided", [payment(operation("authorize", "complete"), operation("void", "complete"))], undefined, "free"],
  ["paid", [payment(operation("purchase", "complete"))], undefined, "final"],
  [
    "refunded",
    [payment(operation("purchase", "complete"), operation("refund", "complete"))],
    undefined,
    "final",
  ],
  ["cancelled before it was paid", [], at, "free"],
  ["cancelled after it was paid", [payment(operation("purchase", "complete"))], at, "free"],
])("G2 the codes of an order that is %s", (_, payments, cancelledAt, expected) => {
  expect(codeUseState({ totals, payments, ...(cancelledAt !== undefined && { cancelledAt }) })).toBe(
    expected,
  );
});
