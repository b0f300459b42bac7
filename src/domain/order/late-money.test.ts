import { describe, expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import { startCapture } from "./capture.ts";
import {
  fateWithoutGoods,
  lateMoney,
  noteLateMoney,
  owedBack,
  shownLateMoney,
  waitingForGoods,
} from "./late-money.ts";
import type { Order } from "./order.ts";
import { settleOperation, startPayment } from "./pay.ts";
import type { LateFate } from "./payment.ts";
import { startRefund } from "./refund.ts";
import type { SeenPayment } from "./seen-payment.ts";
import { orderFacts, orderStatuses } from "./status.ts";

const NOW = "2026-01-01T00:00:00.000Z";
const LATER = "2026-01-02T00:00:00.000Z";

/** An order of 10.00 whose payment of `amount` was given up. */
function givenUp(amount = 1000): Order {
  const order = anOrder({ id: "o", totals: { ...anOrder({ id: "o" }).totals, withTax: 1000 } });
  const started = startPayment(order, { paymentId: "p", gateway: "g", method: "purchase", amount }, NOW);
  if (!started.ok) throw new Error(started.error.type);
  const never = { kind: "declined", code: "never_received", message: "It never came" } as const;
  return settleOperation(started.value.state, "p", "p", never, NOW).state;
}

const seen = (state: "captured" | "authorized", amount = 1000): SeenPayment => ({
  reference: "r",
  orderId: "o",
  paymentId: "p",
  state,
  authorized: state === "authorized" ? amount : 0,
  captured: state === "captured" ? amount : 0,
  refunds: [],
});
const noted = (fate: LateFate, state: "captured" | "authorized" = "captured", amount = 1000): Order =>
  noteLateMoney(givenUp(amount), seen(state, amount), amount, fate, NOW).state;
const returned = (order: Order): Order => {
  const started = startRefund(order, { paymentId: "p", operationId: "back", amount: 1000 }, LATER);
  if (!started.ok) throw new Error(started.error.type);
  return settleOperation(started.value.state, "p", "back", { kind: "approved", reference: "b" }, LATER).state;
};

test.each([
  ["refund", "toReturn", "toReturn"],
  ["void", "held", "toReturn"],
  ["backorder", "backordered", "backordered"],
  ["hold", "held", "held"],
] as const)(
  "B4 with the policy %s, what was taken is %s, what is set aside %s",
  (policy, taken, setAside) => {
    expect(fateWithoutGoods(policy, seen("captured"))).toBe(taken);
    expect(fateWithoutGoods(policy, seen("authorized"))).toBe(setAside);
  },
);

describe("B4 money without goods", () => {
  test.each([
    ["held", "held"],
    ["backordered", "backordered"],
  ] as const)("that is %s counts as paid, and the order waits", (fate, waits) => {
    const order = noted(fate);
    expect(orderStatuses(order)).toMatchObject({ status: "complete", payment: "paid" });
    expect(waitingForGoods(order)).toBe(waits);
    expect(shownLateMoney(order)).toEqual([{ paymentId: "p", fate, settled: false }]);
    expect(owedBack(order, "p")).toBeUndefined();
  });

  test("is waited with no longer when the goods are there, the money is returned, or the order is called off", () => {
    const order = noted("held");
    const supplied: Order = { ...order, stock: { state: "allocated", held: [] } };
    for (const settled of [supplied, returned(order), { ...order, cancelledAt: LATER }]) {
      expect(waitingForGoods(settled)).toBeUndefined();
      expect(shownLateMoney(settled)).toEqual([{ paymentId: "p", fate: "held", settled: true }]);
    }
  });

  test("that is to be returned never was the order's, which is as payable as before", () => {
    const order = noted("toReturn");
    expect(orderFacts(order)).toMatchObject({ paid: 0, refunded: 0, balance: 1000, anyLive: false });
    expect(order.fullyPaidAt).toBeUndefined();
    expect(owedBack(order, "p")).toEqual({ by: "refund", amount: 1000 });
    expect(owedBack(noted("toReturn", "authorized"), "p")).toEqual({ by: "void", amount: 1000 });
    expect(shownLateMoney(order)).toMatchObject([{ settled: false }]);
    const back = returned(order);
    expect(orderStatuses(back)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    expect(owedBack(back, "p")).toBeUndefined();
    expect(shownLateMoney(back)).toEqual([{ paymentId: "p", fate: "toReturn", settled: true }]);
  });
});

test("B1 a part of what is owed can be returned, although the order is not paid in full", () => {
  for (const fate of ["toReturn", "held"] as const) {
    const back = startRefund(
      noted(fate, "captured", 400),
      { paymentId: "p", operationId: "b", amount: 400 },
      LATER,
    );
    expect(back).toMatchObject({ ok: true });
  }
  const kept = startRefund(
    noted("kept", "captured", 400),
    { paymentId: "p", operationId: "b", amount: 400 },
    LATER,
  );
  expect(kept).toMatchObject({ ok: false, error: { type: "order_not_refundable" } });
});

test("B1 late money that goes back is not captured", () => {
  const ids = { paymentId: "p", operationId: "c", mechanism: "gateway" } as const;
  const refused = { ok: false, error: { type: "payment_not_capturable" } };
  expect(startCapture(noted("toReturn", "authorized"), ids, LATER)).toMatchObject(refused);
  expect(startCapture(noted("held", "authorized"), ids, LATER)).toMatchObject({ ok: true });
});

test("B1 late money is noted once, and only for a payment that was given up", () => {
  expect(lateMoney(givenUp(), seen("captured"))).toEqual({ amount: 1000, wanted: true });
  expect(lateMoney({ ...givenUp(), cancelledAt: NOW }, seen("captured"))).toMatchObject({ wanted: false });
  expect(lateMoney(noted("kept"), seen("captured"))).toBeUndefined();
  expect(lateMoney(givenUp(), { ...seen("captured"), paymentId: "another" })).toBeUndefined();
  expect(lateMoney(givenUp(), { ...seen("captured"), captured: 0 })).toBeUndefined();
});
