import { expect, test } from "vitest";
import type { Order } from "./order.ts";
import type { Payment, PaymentOperation } from "./payment.ts";
import { noteSeenPayment, type SeenPayment } from "./seen-payment.ts";
import { orderFacts } from "./status.ts";

const at = "2026-11-21T00:00:00.000Z";
const operation = (
  type: PaymentOperation["type"],
  more: Partial<PaymentOperation> = {},
): PaymentOperation => ({
  id: type,
  type,
  amount: 1000,
  status: "complete",
  mechanism: "gateway",
  createdAt: at,
  ...more,
});
const anOrder = (...operations: PaymentOperation[]): Order => {
  const payment = { id: "p", gateway: "stripe", amount: 1000, currency: "USD", reference: "pi", operations };
  return {
    id: "o",
    totals: { withTax: 1000 },
    payments: [{ ...payment, createdAt: at, updatedAt: at } as Payment],
    stock: { state: "allocated", held: [] },
    version: 1,
  } as unknown as Order;
};
const seen = (more: Partial<SeenPayment> = {}): SeenPayment => ({
  reference: "pi",
  orderId: "o",
  paymentId: "p",
  state: "captured",
  authorized: 0,
  captured: 1000,
  refunds: [],
  ...more,
});
const refund = (amount: number, more = {}) => ({
  reference: `re_${amount}`,
  amount,
  status: "complete" as const,
  ...more,
});

test("I9 looking twice changes nothing the second time", () => {
  const once = noteSeenPayment(anOrder(operation("authorize")), seen({ refunds: [refund(300)] }), at);
  expect(orderFacts(once.state)).toMatchObject({ paid: 1000, refunded: 300, authorized: 0 });
  expect(once.state.fullyPaidAt).toBe(at);
  expect(once.events.map(({ type }) => type)).toEqual(["payment.captured", "payment.refunded"]);
  const twice = noteSeenPayment(once.state, seen({ refunds: [refund(300)] }), at);
  expect(twice.state).toBe(once.state);
});

test("less that was captured at the gateway is what was paid", () => {
  const { state } = noteSeenPayment(anOrder(operation("authorize")), seen({ captured: 600 }), at);
  expect(orderFacts(state)).toMatchObject({ paid: 600, balance: 400 });
});

test("what we asked for ourselves is not written down again", () => {
  const order = anOrder(
    operation("purchase"),
    operation("refund", { id: "r1", amount: 300, reference: "re_300" }),
  );
  expect(noteSeenPayment(order, seen({ refunds: [refund(300, { operationId: "r1" })] }), at).state).toBe(
    order,
  );
  expect(noteSeenPayment(order, seen({ refunds: [refund(300)] }), at).state).toBe(order);
});

test("more is never refunded than was captured, whatever was noted by hand", () => {
  const byHand = operation("refund", { id: "r1", amount: 800, mechanism: "manual" });
  const { state } = noteSeenPayment(
    anOrder(operation("purchase"), byHand),
    seen({ refunds: [refund(500)] }),
    at,
  );
  expect(orderFacts(state)).toMatchObject({ refunded: 1000 });
});

test("D4 while anything is unanswered, and of another payment, nothing is written down", () => {
  const open = anOrder(operation("authorize"), operation("capture", { status: "pending" }));
  expect(noteSeenPayment(open, seen(), at).state).toBe(open);
  const order = anOrder(operation("authorize"));
  expect(noteSeenPayment(order, seen({ reference: "pi_other" }), at).state).toBe(order);
  expect(noteSeenPayment(order, seen({ paymentId: "other" }), at).state).toBe(order);
});

test("an authorization that ran out is given up, and a refund that came back is no refund", () => {
  const expired = noteSeenPayment(
    anOrder(operation("authorize")),
    seen({ state: "released", reason: "expired" }),
    at,
  );
  expect(orderFacts(expired.state)).toMatchObject({ authorized: 0, anyLive: false });
  const order = anOrder(operation("purchase"), operation("refund", { id: "r1", amount: 300 }));
  const back = noteSeenPayment(
    order,
    seen({ refunds: [refund(300, { operationId: "r1", status: "failed" })] }),
    at,
  );
  expect(orderFacts(back.state)).toMatchObject({ refunded: 0 });
  expect(back.events.map(({ type }) => type)).toEqual(["payment.refund_failed"]);
});

test("I9 parts that were captured at the gateway leave the rest authorized, and its release is noted", () => {
  const rest = { captured: 400, authorized: 600 };
  const once = noteSeenPayment(anOrder(operation("authorize")), seen(rest), at);
  expect(orderFacts(once.state)).toMatchObject({ paid: 400, authorized: 600, balance: 0 });
  expect(noteSeenPayment(once.state, seen(rest), at).state).toBe(once.state);
  const more = noteSeenPayment(once.state, seen({ captured: 700, authorized: 300 }), at);
  expect(orderFacts(more.state)).toMatchObject({ paid: 700, authorized: 300 });
  const over = noteSeenPayment(more.state, seen({ captured: 700, reason: "expired" }), at);
  expect(orderFacts(over.state)).toMatchObject({ paid: 700, authorized: 0, balance: 300, anyLive: true });
  expect(over.events.map(({ type }) => type)).toEqual(["payment.voided"]);
});

test("a part of ours is not noted again, and what the gateway captured beside it is", () => {
  const ours = operation("capture", { id: "c", amount: 300, keepsRest: true });
  const known = seen({ captured: 300, authorized: 700 });
  const order = anOrder(operation("authorize"), ours);
  expect(noteSeenPayment(order, known, at).state).toBe(order);
  const { state } = noteSeenPayment(order, seen(), at);
  expect(orderFacts(state)).toMatchObject({ paid: 1000, authorized: 0 });
});
