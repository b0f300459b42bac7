import fc from "fast-check";
import { expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import type { Decision } from "../decision.ts";
import type { Result } from "../result.ts";
import { cancelOrder } from "./cancel.ts";
import { startCapture } from "./capture.ts";
import { fulfilOrder } from "./fulfil.ts";
import type { Order } from "./order.ts";
import { type GatewayOutcome, settleOperation, startPayment } from "./pay.ts";
import type { PaymentOperation } from "./payment.ts";
import { startRefund } from "./refund.ts";
import type { OrderRefusal } from "./refusals.ts";
import { orderFacts, orderStatuses } from "./status.ts";
import { startVoid } from "./void.ts";

// Any sequence of decisions and answers, also senseless and late ones.

const outcome: fc.Arbitrary<GatewayOutcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<GatewayOutcome>({ kind: "approved", reference: "r" }) },
  fc.constant<GatewayOutcome>({ kind: "declined", code: "no", message: "No" }),
  fc.constant<GatewayOutcome>({ kind: "pending", reference: "r" }),
  fc.constant<GatewayOutcome>({ kind: "unknown", reason: "lost" }),
);
const index = fc.nat({ max: 5 });
const amount = fc.option(fc.integer({ min: 1, max: 1200 }), { nil: undefined });
const step = fc.oneof(
  fc.record({
    type: fc.constant("pay" as const),
    at: index,
    method: fc.constantFrom("authorize" as const, "purchase" as const),
    amount,
  }),
  fc.record({ type: fc.constant("void" as const), at: index, by: index }),
  fc.record({ type: fc.constant("capture" as const), at: index, by: index, amount, keepsRest: fc.boolean() }),
  fc.record({ type: fc.constant("refund" as const), at: index, by: index, amount }),
  fc.record({ type: fc.constant("settle" as const), at: index, by: index, outcome }),
  fc.record({ type: fc.constant("settle latest" as const), outcome }),
  fc.record({ type: fc.constantFrom("cancel" as const, "ship" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function decide(order: Order, step: Step, now: string): Result<Decision<Order>, OrderRefusal> {
  switch (step.type) {
    case "pay": {
      const what = step.amount === undefined ? {} : { amount: step.amount };
      return startPayment(
        order,
        { paymentId: `p${step.at}`, gateway: "g", method: step.method, ...what },
        now,
      );
    }
    case "capture": {
      const ids = { paymentId: `p${step.at}`, operationId: `c${step.at}${step.by}` };
      const what = step.amount === undefined ? {} : { amount: step.amount, keepsRest: step.keepsRest };
      return startCapture(order, { ...ids, ...what, mechanism: "gateway" }, now);
    }
    case "void":
      return startVoid(order, { paymentId: `p${step.at}`, operationId: `v${step.at}${step.by}` }, now);
    case "refund": {
      const what = step.amount === undefined ? {} : { amount: step.amount };
      return startRefund(
        order,
        { paymentId: `p${step.at}`, operationId: `r${step.at}${step.by}`, ...what },
        now,
      );
    }
    case "settle": {
      const operation = order.payments[step.at]?.operations[step.by];
      const paymentId = order.payments[step.at]?.id ?? "none";
      return {
        ok: true,
        value: settleOperation(order, paymentId, operation?.id ?? "none", step.outcome, now),
      };
    }
    case "settle latest": {
      const payment = order.payments.findLast(({ operations }) => operations.at(-1)?.status === "pending");
      const operationId = payment?.operations.at(-1)?.id ?? "none";
      return {
        ok: true,
        value: settleOperation(order, payment?.id ?? "none", operationId, step.outcome, now),
      };
    }
    case "cancel":
      return cancelOrder(order, now);
    case "ship":
      return fulfilOrder(order, now);
  }
}

const operationsOf = (order: Order): PaymentOperation[] =>
  order.payments.flatMap(({ operations }) => operations);

/** Added up in the plainest way, from operations that are complete. */
function plainSums(order: Order) {
  const sums = { authorized: 0, paid: 0, refunded: 0 };
  for (const { operations } of order.payments) {
    const done = (type: string): number =>
      operations
        .filter((operation) => operation.type === type && operation.status === "complete")
        .reduce((sum, operation) => sum + operation.amount, 0);
    const isOver = operations.some(
      ({ type, status, keepsRest }) => type === "capture" && status === "complete" && !keepsRest,
    );
    sums.authorized += isOver ? 0 : done("authorize") - done("capture") - done("void");
    sums.paid += done("purchase") + done("capture");
    sums.refunded += done("refund");
  }
  return sums;
}

function walk(
  total: number,
  steps: readonly Step[],
  look: (before: Order, after: Order, step: Step) => void,
): Order {
  const { totals } = anOrder({ id: "o" });
  let order = anOrder({ id: "o", totals: { ...totals, withTax: total, withoutTax: total } });
  for (const [position, step] of steps.entries()) {
    const decided = decide(order, step, new Date(Date.UTC(2026, 0, 1, 0, 0, position)).toISOString());
    if (!decided.ok) continue;
    look(order, decided.value.state, step);
    order = decided.value.state;
  }
  return order;
}

const anyWalk = [
  fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 2, max: 1000 })),
  fc.array(step, { minLength: 10, maxLength: 60 }),
] as const;
const runs = { numRuns: 400 };

test("I10 facts are never negative, never more than the order, and the sums of its operations", () => {
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      walk(total, steps, (_before, after) => {
        const facts = orderFacts(after);
        for (const name of ["authorized", "pending", "paid", "refunded", "balance"] as const) {
          expect(facts[name]).toBeGreaterThanOrEqual(0);
        }
        expect(facts.authorized + facts.pending + facts.paid + facts.balance).toBe(total);
        expect(facts.refunded).toBeLessThanOrEqual(facts.paid);
        expect(facts).toMatchObject(plainSums(after));
      });
    }),
    runs,
  );
});

const small = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined, freq: 8 });
const by = fc.nat({ max: 30 });
/** What may happen to one authorization, in parts. */
const partStep = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("capture" as const),
      at: fc.constant(0),
      by,
      amount: small,
      keepsRest: fc.nat({ max: 3 }).map((chance) => chance > 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("refund" as const), at: fc.constant(0), by, amount: small }),
  },
  fc.record({ type: fc.constant("void" as const), at: fc.constant(0), by }),
  { weight: 6, arbitrary: fc.record({ type: fc.constant("settle latest" as const), outcome }) },
);

test("I1 captures of a payment are never more than its authorization, and refunds never more than its captures", () => {
  const seen = { several: 0, released: 0 };
  const begin: Step[] = [
    { type: "pay", at: 0, method: "authorize", amount: undefined },
    { type: "settle latest", outcome: { kind: "approved", reference: "r" } },
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: 500, max: 1000 }),
      fc.array(partStep, { minLength: 15, maxLength: 40 }),
      (total, steps) => {
        const end = walk(total, [...begin, ...steps], (_before, after) => {
          for (const { operations } of after.payments) {
            const sum = (statuses: readonly string[], ...types: string[]): number =>
              operations
                .filter(({ type, status }) => types.includes(type) && statuses.includes(status))
                .reduce((all, operation) => all + operation.amount, 0);
            const every = ["complete", "pending"];
            expect(sum(every, "capture", "void")).toBeLessThanOrEqual(sum(every, "authorize"));
            expect(sum(every, "refund")).toBeLessThanOrEqual(sum(["complete"], "capture"));
          }
          expect(orderFacts(after)).toMatchObject(plainSums(after));
        });
        const done = (type: string) =>
          operationsOf(end).filter((one) => one.type === type && one.status === "complete").length;
        if (done("capture") > 1) seen.several += 1;
        if (done("capture") > 0 && done("void") > 0) seen.released += 1;
      },
    ),
    { ...runs, seed: 7 },
  );
  expect(seen.several).toBeGreaterThan(10);
  expect(seen.released).toBeGreaterThan(5);
});

test("A7 what is settled never changes, and nothing that was written down goes away", () => {
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      walk(total, steps, (before, after) => {
        const later = operationsOf(after);
        for (const operation of operationsOf(before)) {
          const now = later.find(({ id }) => id === operation.id);
          if (operation.status === "pending") expect(now).toMatchObject({ amount: operation.amount });
          else expect(now).toEqual(operation);
        }
        expect(new Set(later.map(({ id }) => id)).size).toBe(later.length);
        if (before.fullyPaidAt !== undefined) expect(after.fullyPaidAt).toBe(before.fullyPaidAt);
        if (before.cancelledAt !== undefined) expect(after.cancelledAt).toBe(before.cancelledAt);
      });
    }),
    runs,
  );
});

test("D1 the same decision again is answered by what is there", () => {
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      walk(total, steps, (_before, after, step) => {
        if (step.type === "cancel" || step.type === "ship" || step.type.startsWith("settle")) return;
        const again = decide(after, step, "2027-01-01T00:00:00.000Z");
        expect(again).toEqual({ ok: true, value: { state: after, events: [] } });
      });
    }),
    runs,
  );
});

test("C2 an order is paid exactly when all of its total was captured, and only then shipped", () => {
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      walk(total, steps, (before, after, step) => {
        const { paid, refunded } = plainSums(after);
        const captured = operationsOf(after).some(
          ({ type, status }) => (type === "purchase" || type === "capture") && status === "complete",
        );
        const { status, payment } = orderStatuses(after);
        const isPaid = captured && paid === total;
        if (isPaid) expect(payment).toBe(paid > 0 && refunded === paid ? "refunded" : "paid");
        else expect(payment).not.toBe("paid");
        if (after.cancelledAt === undefined) expect(status === "complete").toBe(isPaid);
        expect(after.fullyPaidAt !== undefined).toBe(isPaid);
        if (step.type === "ship") expect(orderStatuses(before).payment).toBe("paid");
      });
    }),
    runs,
  );
});

test("I7 a cancelled or shipped order stays that, and no money comes in any more", () => {
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      const end = walk(total, steps, (before, after) => {
        expect(after.cancelledAt !== undefined && after.fulfilledAt !== undefined).toBe(false);
        if (before.cancelledAt === undefined) return;
        const sums = plainSums(before);
        const later = plainSums(after);
        expect(later.paid).toBe(sums.paid);
        expect(later.authorized).toBeLessThanOrEqual(sums.authorized);
        expect(orderFacts(after).pending).toBe(0);
      });
      expect(end.id).toBe("o");
    }),
    runs,
  );
});

test("the walks reach every state there is", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(...anyWalk, (total, steps) => {
      const end = walk(total, steps, (_before, after) => {
        const { status, payment, shipping } = orderStatuses(after);
        for (const word of [status, payment, shipping]) seen.add(word);
      });
      expect(end.payments.length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect([...seen].toSorted()).toEqual(
    [
      ...["incomplete", "processing", "complete", "cancelled", "fulfilled", "unfulfilled"],
      ...["unpaid", "partially_authorized", "authorized", "partially_paid", "paid", "refunded"],
    ].toSorted(),
  );
});
