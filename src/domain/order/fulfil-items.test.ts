import { describe, expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import { cancelOrder } from "./cancel.ts";
import { archiveOrder, completeOrder } from "./close.ts";
import { cancelFulfilment, fulfilItems, type MovingDecision, shipFulfilment } from "./fulfil-items.ts";
import { fulfilledOf, returnedOf, shippedOf } from "./fulfilment.ts";
import type { Order, OrderLine } from "./order.ts";
import { cancelReturn, receiveReturn, requestReturn, worthOf } from "./return-goods.ts";
import { orderStatuses } from "./status.ts";

const NOW = "2026-01-02T00:00:00.000Z";

function aLine(id: string, quantity: number, withTax: number, productId?: string): OrderLine {
  return {
    ...{ id, cartItemId: id, kind: "product", name: id, sku: id, description: "", quantity, taxes: [] },
    ...(productId !== undefined && { productId }),
    ...{ includesTax: true, manageStock: productId !== undefined },
    price: { withTax } as OrderLine["price"],
  };
}

const order: Order = anOrder({
  id: "o",
  lines: [aLine("a", 3, 1000, "p"), aLine("b", 2, 500, "p"), aLine("c", 1, 300)],
  stock: { state: "allocated", held: [{ productId: "p", location: "", quantity: 5 }] },
});
const pack = (of: Order, id: string, ...items: [lineId: string, quantity: number][]) =>
  fulfilItems(
    of,
    {
      fulfilmentId: id,
      items: items.map(([lineId, quantity]) => ({ lineId, quantity })),
      providerId: "manual",
    },
    NOW,
  );
const done = <Value>(result: { ok: true; value: Value } | { ok: false; error: unknown }): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const pieces = (decision: MovingDecision) => decision.pieces.map(({ quantity }) => quantity);

describe("packing and sending", () => {
  test("a part is packed, and the order is not fulfilled until all of it is", () => {
    const first = done(pack(order, "f1", ["a", 2], ["b", 1]));
    expect(pieces(first)).toEqual([3]);
    expect(orderStatuses(first.state).shipping).toBe("unfulfilled");
    const a = order.lines[0] as OrderLine;
    expect(fulfilledOf(first.state, a)).toBe(2);
    expect(shippedOf(first.state, a)).toBe(0);
    const held = { state: "allocated", held: [{ productId: "p", location: "", quantity: 2 }] } as const;
    const second = done(pack({ ...first.state, stock: held }, "f2", ["a", 1], ["b", 1], ["c", 1]));
    expect(pieces(second)).toEqual([2]);
    expect(orderStatuses(second.state).shipping).toBe("fulfilled");
    expect(second.events.map(({ type }) => type)).toEqual(["order.fulfilment_created", "order.fulfilled"]);
  });

  test("what is not counted, or never was held, moves no stock", () => {
    expect(pieces(done(pack(order, "f", ["c", 1])))).toEqual([]);
    const unheld = { ...order, stock: { state: "none", held: [] } } as const;
    expect(pieces(done(pack(unheld, "f", ["a", 3])))).toEqual([]);
  });

  test("more than was bought is refused, over all fulfilments that stand", () => {
    const first = done(pack(order, "f1", ["a", 2])).state;
    expect(pack(first, "f2", ["a", 2])).toMatchObject({ error: { type: "fulfilment_exceeds_order" } });
    expect(pack(order, "f2", ["x", 1])).toMatchObject({ error: { type: "order_line_not_found" } });
    const cancelled = done(cancelFulfilment(first, "f1", NOW)).state;
    expect(pack(cancelled, "f2", ["a", 3])).toMatchObject({ ok: true });
  });

  test("the same fulfilment again is a retry", () => {
    const first = done(pack(order, "f1", ["a", 2])).state;
    expect(done(pack(first, "f1", ["a", 2]))).toEqual({ state: first, events: [], pieces: [] });
  });

  test("a fulfilment that is called off gives its pieces back, once; a shipped one cannot be", () => {
    const all = done(pack(order, "f1", ["a", 3], ["b", 2], ["c", 1])).state;
    expect(all.fulfilledAt).toBe(NOW);
    const off = done(cancelFulfilment(all, "f1", NOW));
    expect(pieces(off)).toEqual([5]);
    expect(off.state.fulfilledAt).toBeUndefined();
    expect(pieces(done(cancelFulfilment(off.state, "f1", NOW)))).toEqual([]);
    const sent = done(shipFulfilment(all, { fulfilmentId: "f1", trackingNumbers: ["T", "T"] }, NOW)).state;
    expect(sent.fulfilments?.[0]).toMatchObject({ trackingNumbers: ["T"], shippedAt: NOW });
    expect(cancelFulfilment(sent, "f1", NOW)).toMatchObject({ error: { type: "fulfilment_shipped" } });
    expect(shippedOf(sent, order.lines[0] as OrderLine)).toBe(3);
  });

  test("I7 an order with a packed part cannot be cancelled, and a cancelled one not packed", () => {
    const first = done(pack(order, "f1", ["a", 1])).state;
    expect(cancelOrder(first, NOW)).toMatchObject({ error: { type: "order_fulfilled" } });
    const free = done(cancelFulfilment(first, "f1", NOW)).state;
    const cancelled = done(cancelOrder(free, NOW)).state;
    expect(pack(cancelled, "f2", ["a", 1])).toMatchObject({ error: { type: "order_cancelled" } });
  });

  test("an order that was marked as fulfilled is so with every piece", () => {
    const marked = { ...order, fulfilledAt: NOW };
    for (const line of order.lines) {
      expect([fulfilledOf(marked, line), shippedOf(marked, line)]).toEqual([line.quantity, line.quantity]);
    }
    expect(pack(marked, "f", ["a", 1])).toMatchObject({ error: { type: "fulfilment_exceeds_order" } });
  });
});

describe("coming back", () => {
  const asked = done(requestReturn(order, { id: "r", items: [{ lineId: "a", requested: 2 }] }, NOW)).state;

  test("pieces that come back one by one are worth the line", () => {
    expect(worthOf(order, [{ lineId: "a", quantity: 3 }])).toBe(1000);
    expect(asked.returns?.[0]).toMatchObject({ status: "requested", refundAmount: 667 });
    const came = done(receiveReturn(asked, { returnId: "r", items: [{ lineId: "a", quantity: 2 }] }, NOW));
    expect(came.state.returns?.[0]).toMatchObject({ status: "received", refundAmount: 667 });
    expect(came.pieces).toEqual([{ productId: "p", location: "", quantity: 2 }]);
    expect(returnedOf(came.state, "a")).toBe(2);
    expect(worthOf(came.state, [{ lineId: "a", quantity: 1 }])).toBe(333);
  });

  test("what sending back costs is taken off, and never more than all", () => {
    const shipping = { id: "s", optionId: "o", price: 400, tax: 80, taxPercent: 20, data: {} };
    const refund = (requested: number) =>
      done(requestReturn(order, { id: "r", items: [{ lineId: "b", requested }], shipping }, NOW)).state
        .returns?.[0]?.refundAmount;
    expect([refund(2), refund(1)]).toEqual([20, 0]);
  });

  test("other pieces than asked for wait for a person, unless they say what is paid back", () => {
    const items = [{ lineId: "a", quantity: 1 }];
    expect(done(receiveReturn(asked, { returnId: "r", items }, NOW)).state.returns?.[0]?.status).toBe(
      "requires_action",
    );
    expect(
      done(receiveReturn(asked, { returnId: "r", items, refundAmount: 5 }, NOW)).state.returns?.[0],
    ).toMatchObject({ status: "received", refundAmount: 5 });
  });

  test("no more comes back than was bought, and nothing twice", () => {
    const items = [{ lineId: "a", quantity: 2 }];
    const came = done(receiveReturn(asked, { returnId: "r", items }, NOW)).state;
    expect(receiveReturn(came, { returnId: "r", items }, NOW)).toMatchObject({
      error: { type: "return_received" },
    });
    expect(requestReturn(came, { id: "q", items: [{ lineId: "a", requested: 2 }] }, NOW)).toMatchObject({
      error: { type: "return_exceeds_order" },
    });
    expect(cancelReturn(came, "r", NOW)).toMatchObject({ error: { type: "return_received" } });
    const off = done(cancelReturn(asked, "r", NOW)).state;
    expect(receiveReturn(off, { returnId: "r", items }, NOW)).toMatchObject({
      error: { type: "return_cancelled" },
    });
  });
});

test("an order is put away only when the shop is done with it", () => {
  expect(archiveOrder(order, NOW)).toMatchObject({ error: { type: "order_not_completed" } });
  const completed = done(completeOrder(order, NOW)).state;
  expect(done(archiveOrder(completed, NOW)).state.archivedAt).toBe(NOW);
  expect(completeOrder({ ...order, cancelledAt: NOW }, NOW)).toMatchObject({
    error: { type: "order_cancelled" },
  });
});
