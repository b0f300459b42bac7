import { describe, expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import type { Decision } from "../decision.ts";
import type { Result } from "../result.ts";
import { startCapture } from "./capture.ts";
import type { Order } from "./order.ts";
import { type GatewayOutcome, mayReleaseStock, pendingSince, settleOperation, startPayment } from "./pay.ts";
import { paymentFacts, refundable } from "./payment.ts";
import { startRefund } from "./refund.ts";
import type { OrderRefusal } from "./refusals.ts";
import { orderFacts, orderStatuses } from "./status.ts";
import { startVoid } from "./void.ts";

const T = ["2026-01-01", "2026-01-02", "2026-01-03"].map((day) => `${day}T00:00:00.000Z`) as [
  string,
  string,
  string,
];
const totals = (withTax: number) => ({ ...anOrder({ id: "o" }).totals, withTax, withoutTax: withTax });
const ordered = (total = 1000): Order => anOrder({ id: "o", totals: totals(total) });
const approved: GatewayOutcome = { kind: "approved", reference: "r" };
const declined: GatewayOutcome = { kind: "declined", code: "no", message: "No" };
const unknown: GatewayOutcome = { kind: "unknown", reason: "lost" };

function must(decided: Result<Decision<Order>, OrderRefusal>): Order {
  if (!decided.ok) throw new Error(decided.error.type);
  return decided.value.state;
}

const start = (order: Order, id: string, method: "authorize" | "purchase", amount?: number) =>
  startPayment(order, { paymentId: id, gateway: "g", method, ...(amount !== undefined && { amount }) }, T[0]);
const paid = (
  order: Order,
  id = "p",
  method: "authorize" | "purchase" = "purchase",
  amount?: number,
): Order => settleOperation(must(start(order, id, method, amount)), id, id, approved, T[1]).state;
const capture = (order: Order, operationId = "c") =>
  startCapture(order, { paymentId: "p", operationId, mechanism: "gateway" }, T[1]);
const refund = (order: Order, operationId: string, amount?: number) =>
  startRefund(order, { paymentId: "p", operationId, ...(amount !== undefined && { amount }) }, T[1]);
const release = (order: Order, operationId = "v") => startVoid(order, { paymentId: "p", operationId }, T[1]);
const settled = (order: Order, operationId: string, outcome: GatewayOutcome = approved): Order =>
  settleOperation(order, "p", operationId, outcome, T[2]).state;
const refused = (type: OrderRefusal["type"]) => ({ ok: false, error: { type } });

describe("starting a payment", () => {
  test("claims what is owed, or a part of it", () => {
    expect(must(start(ordered(), "p", "purchase")).payments).toMatchObject([
      { amount: 1000, currency: "USD" },
    ]);
    expect(must(start(ordered(), "p", "purchase", 1)).payments).toMatchObject([{ amount: 1 }]);
    expect(orderFacts(must(start(ordered(), "p", "purchase", 1)))).toMatchObject({
      pending: 1,
      balance: 999,
    });
  });

  test("the same attempt again changes nothing, whatever became of it", () => {
    for (const order of [must(start(ordered(), "p", "purchase")), paid(ordered())]) {
      const again = start(order, "p", "purchase");
      expect(again).toEqual({ ok: true, value: { state: order, events: [] } });
    }
  });

  test("C2 more than is owed is refused", () => {
    expect(start(ordered(), "p", "purchase", 1001)).toMatchObject(refused("payment_exceeds_balance"));
    const half = paid(ordered(), "q", "authorize", 600);
    expect(start(half, "p", "purchase", 401)).toMatchObject({
      ok: false,
      error: { type: "payment_exceeds_balance", balance: 400 },
    });
    expect(start(paid(ordered(), "q", "authorize"), "p", "purchase")).toMatchObject(
      refused("payment_exceeds_balance"),
    );
  });

  test("A6 what a payment under way asks for may come back, and is said to be under way", () => {
    const underWay = must(start(ordered(), "q", "purchase", 600));
    expect(start(underWay, "p", "purchase", 500)).toMatchObject({
      ok: false,
      error: { type: "payment_unresolved", paymentId: "q" },
    });
    expect(start(underWay, "p", "purchase", 1001)).toMatchObject(refused("payment_exceeds_balance"));
    expect(start(underWay, "p", "purchase")).toMatchObject({ ok: true });
  });

  test("is refused once the order is paid or cancelled", () => {
    expect(start(paid(ordered()), "x", "purchase")).toMatchObject(refused("order_already_paid"));
    const cancelled = { ...ordered(), cancelledAt: T[0] };
    expect(start(cancelled, "x", "purchase")).toMatchObject(refused("order_cancelled"));
  });

  test("an order of nothing can be paid once", () => {
    const free = paid(ordered(0));
    expect(orderStatuses(free)).toMatchObject({ status: "complete", payment: "paid" });
    expect(start(free, "x", "purchase")).toMatchObject(refused("order_already_paid"));
    const authorized = paid(ordered(0), "p", "authorize");
    expect(orderStatuses(authorized)).toMatchObject({ status: "processing", payment: "authorized" });
    expect(start(authorized, "x", "purchase")).toMatchObject(refused("payment_exceeds_balance"));
  });
});

describe("settling", () => {
  const pending = must(start(ordered(), "p", "purchase"));

  test("A7 what is settled stays, whatever is said later", () => {
    const done = settled(pending, "p");
    for (const late of [declined, unknown, { kind: "pending", reference: "x" } as const, approved]) {
      expect(settleOperation(done, "p", "p", late, T[2])).toEqual({ state: done, events: [] });
    }
    const failed = settled(pending, "p", declined);
    expect(settleOperation(failed, "p", "p", approved, T[2])).toEqual({ state: failed, events: [] });
  });

  test("an unknown answer changes nothing, and an answer to what nobody asked for neither", () => {
    expect(settleOperation(pending, "p", "p", unknown, T[2]).state).toBe(pending);
    expect(settleOperation(pending, "x", "p", approved, T[2]).state).toBe(pending);
    expect(settleOperation(pending, "p", "x", approved, T[2]).state).toBe(pending);
  });

  test("a payment that waits for its shopper keeps what the gateway calls it, and stays open", () => {
    const waiting = settleOperation(pending, "p", "p", { kind: "pending", reference: "pi_1" }, T[1]);
    expect(waiting.state.payments[0]).toMatchObject({
      reference: "pi_1",
      operations: [{ status: "pending" }],
    });
    const again = settleOperation(waiting.state, "p", "p", { kind: "pending", reference: "pi_1" }, T[2]);
    expect(again.state).toBe(waiting.state);
    expect(pendingSince(waiting.state)).toBe(T[0]);
    expect(pendingSince(settled(waiting.state, "p"))).toBeUndefined();
  });

  test("a decline is written down and owes the whole again", () => {
    const failed = settleOperation(pending, "p", "p", declined, T[1]);
    expect(failed.events).toMatchObject([{ type: "payment.purchase_failed", payload: { code: "no" } }]);
    expect(orderFacts(failed.state)).toMatchObject({ balance: 1000, anyLive: false });
    expect(orderStatuses(failed.state)).toMatchObject({ status: "incomplete", payment: "unpaid" });
  });

  test("A5 the moment of being paid is told and noted once", () => {
    const first = settleOperation(must(start(ordered(), "p", "purchase", 400)), "p", "p", approved, T[0]);
    expect(first.events.map(({ type }) => type)).toEqual(["payment.purchased"]);
    const rest = must(start(first.state, "q", "purchase"));
    const second = settleOperation(rest, "q", "q", approved, T[1]);
    expect(second.events.map(({ type }) => type)).toEqual(["payment.purchased", "order.paid"]);
    expect(second.state.fullyPaidAt).toBe(T[1]);
    const back = settled(must(refund(second.state, "r", 400)), "r");
    expect(back.fullyPaidAt).toBe(T[1]);
  });
});

describe("capturing and releasing", () => {
  const authorized = paid(ordered(), "p", "authorize");

  test("an authorization is captured whole, once", () => {
    const captured = settled(must(capture(authorized)), "c");
    expect(orderFacts(captured)).toMatchObject({ authorized: 0, paid: 1000, balance: 0 });
    expect(capture(captured, "c2")).toMatchObject(refused("payment_not_capturable"));
    expect(capture(captured, "c")).toEqual({ ok: true, value: { state: captured, events: [] } });
    expect(release(captured)).toMatchObject(refused("payment_not_voidable"));
  });

  test("a capture that was declined may be tried again, or the authorization released", () => {
    const failed = settled(must(capture(authorized)), "c", declined);
    expect(orderStatuses(failed)).toMatchObject({ payment: "authorized" });
    expect(capture(failed, "c2")).toMatchObject({ ok: true });
    expect(orderStatuses(settled(must(release(failed)), "v"))).toMatchObject({ payment: "unpaid" });
  });

  test("while one is under way nothing else begins", () => {
    const capturing = must(capture(authorized));
    const releasing = must(release(authorized));
    for (const order of [capturing, releasing]) {
      expect(capture(order, "c2")).toMatchObject(refused("payment_unresolved"));
      expect(release(order, "v2")).toMatchObject(refused("payment_unresolved"));
      expect(refund(order, "r", 1)).toMatchObject(refused("payment_unresolved"));
    }
  });

  test("only a complete authorization can be captured or released, and only of an order that stands", () => {
    for (const order of [paid(ordered()), settled(must(start(ordered(), "p", "authorize")), "p", declined)]) {
      expect(capture(order)).toMatchObject(refused("payment_not_capturable"));
      expect(release(order)).toMatchObject(refused("payment_not_voidable"));
    }
    const voided = settled(must(release(authorized)), "v");
    expect(capture(voided)).toMatchObject(refused("payment_not_capturable"));
    expect(release(voided, "v2")).toMatchObject(refused("payment_not_voidable"));
    expect(capture(ordered())).toMatchObject(refused("payment_not_found"));
    const cancelled = { ...authorized, cancelledAt: T[1] };
    expect(capture(cancelled)).toMatchObject(refused("order_cancelled"));
    expect(release(cancelled)).toMatchObject({ ok: true });
  });

  test("the reference that is given with a capture replaces the one before, and an empty one takes it away", () => {
    const named = {
      ...authorized,
      payments: authorized.payments.map((p) => ({ ...p, customReference: "A" })),
    };
    const captured = (customReference?: string) =>
      must(
        startCapture(
          named,
          {
            paymentId: "p",
            operationId: "c",
            mechanism: "manual",
            ...(customReference !== undefined && { customReference }),
          },
          T[1],
        ),
      ).payments[0]?.customReference;
    expect([captured(), captured("B"), captured("")]).toEqual(["A", "B", undefined]);
  });
});

test("C2 what was captured is not voided, not even a capture of nothing", () => {
  for (const total of [0, 1000]) {
    const captured = settled(must(capture(paid(ordered(total), "p", "authorize"))), "c");
    expect(orderStatuses(captured)).toMatchObject({ status: "complete", payment: "paid" });
    expect(release(captured)).toMatchObject(refused("payment_not_voidable"));
  }
});

describe("refunding", () => {
  const captured = paid(ordered());

  test("I1 refundable is what was captured, less what was and is being given back", () => {
    const one = must(refund(captured, "r1", 300));
    expect(refundable(one.payments[0] as Order["payments"][number])).toBe(700);
    const two = settled(must(refund(one, "r2", 400)), "r1");
    const [payment] = two.payments as [Order["payments"][number]];
    expect(refundable(payment)).toBe(300);
    expect(paymentFacts(payment)).toMatchObject({ captured: 1000, refunded: 300, pendingRefunds: 400 });
    expect(refund(two, "r3", 301)).toMatchObject(refused("payment_unresolved"));
    expect(refund(two, "r3", 701)).toMatchObject(refused("refund_exceeds_captured"));
    // A refund that was declined gives its part free again.
    expect(refund(settled(two, "r2", declined), "r3", 700)).toMatchObject({ ok: true });
  });

  test("I1 nothing is left to refund, or is only on its way", () => {
    const whole = must(refund(captured, "r1", 1000));
    expect(refund(whole, "r2", 1)).toMatchObject(refused("payment_unresolved"));
    expect(refund(whole, "r2")).toMatchObject(refused("payment_unresolved"));
    expect(refund(settled(whole, "r1"), "r2", 1)).toMatchObject(refused("payment_not_refundable"));
    expect(orderStatuses(settled(whole, "r1"))).toMatchObject({ status: "complete", payment: "refunded" });
  });

  test("D3 the same amount twice is two refunds, the same operation twice is one", () => {
    const once = settled(must(refund(captured, "r1", 500)), "r1");
    expect(refund(once, "r1", 500)).toEqual({ ok: true, value: { state: once, events: [] } });
    const twice = settled(must(refund(once, "r2", 500)), "r2");
    expect(orderFacts(twice)).toMatchObject({ refunded: 1000 });
  });

  test("without an amount all that is left is only noted as refunded", () => {
    const marked = must(refund(settled(must(refund(captured, "r1", 300)), "r1"), "r2"));
    expect(marked.payments[0]?.operations.at(-1)).toMatchObject({ amount: 700, mechanism: "manual" });
  });

  test("is of captured payments only, of an order that is paid or cancelled", () => {
    const half = paid(ordered(), "p", "purchase", 500);
    expect(refund(half, "r", 100)).toMatchObject(refused("order_not_refundable"));
    expect(refund({ ...half, cancelledAt: T[1] }, "r", 100)).toMatchObject({ ok: true });
    const authorized = { ...paid(ordered(), "p", "authorize"), cancelledAt: T[1] };
    expect(refund(authorized, "r", 100)).toMatchObject(refused("payment_not_refundable"));
    expect(startRefund(captured, { paymentId: "x", operationId: "r" }, T[1])).toMatchObject(
      refused("payment_not_found"),
    );
  });

  test("what was captured by hand is given back by hand", () => {
    const authorized = paid(ordered(), "p", "authorize");
    const byHand = { paymentId: "p", operationId: "c", mechanism: "manual" } as const;
    const done = settled(must(startCapture(authorized, byHand, T[1])), "c");
    expect(refund(done, "r", 100)).toMatchObject(refused("refund_must_be_manual"));
    expect(refund(done, "r")).toMatchObject({ ok: true });
  });
});

test("F3 stock may go back when no payment is live, or the order is cancelled", () => {
  const holding = { state: "allocated", held: [] } as const;
  const failed = settled(must(start(ordered(), "p", "purchase")), "p", declined);
  expect(mayReleaseStock({ ...failed, stock: holding })).toBe(true);
  expect(mayReleaseStock({ ...failed, stock: { state: "removed", held: [] } })).toBe(false);
  const other = must(start(failed, "q", "purchase"));
  expect(mayReleaseStock({ ...other, stock: holding })).toBe(false);
  expect(mayReleaseStock({ ...paid(ordered()), stock: holding })).toBe(false);
  expect(mayReleaseStock({ ...paid(ordered()), stock: holding, cancelledAt: T[1] })).toBe(true);
});
