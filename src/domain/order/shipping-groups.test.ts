import { expect, test } from "vitest";
import { anOrder } from "../../../test/storage/an-order.ts";
import type { Decision } from "../decision.ts";
import type { Result } from "../result.ts";
import { MAX_SHIPPING_GROUPS, NO_SHIPPING_PRICE } from "../shipping/shipping-group.ts";
import { anonymizeOrder } from "./anonymize.ts";
import type { Order } from "./order.ts";
import { addOrderGroup, updateOrderGroup } from "./shipping-groups.ts";

const NOW = "2026-02-01T00:00:00.000Z";
const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

function must(decided: Result<Decision<Order>, { readonly type: string }>): Order {
  if (!decided.ok) throw new Error(decided.error.type);
  expect(decided.value.events).toEqual([{ type: "order.updated", payload: { orderId: "o" } }]);
  return decided.value.state;
}

const order = must(addOrderGroup(anOrder({ id: "o" }), { id: "g", address, shippingType: "slow" }, NOW));
const shipped: Order = { ...order, fulfilledAt: NOW };
const refused = (error: object) => ({ ok: false, error });

test("a group that is added to an order costs nothing", () => {
  expect(order.shippingGroups).toMatchObject([
    { id: "g", currency: "USD", price: NO_SHIPPING_PRICE, address },
  ]);
  expect(order.totals).toEqual(anOrder({ id: "o" }).totals);
  let full = order;
  for (let count = 1; count < MAX_SHIPPING_GROUPS; count += 1) {
    full = must(addOrderGroup(full, { id: `g${count}` }, NOW));
  }
  expect(addOrderGroup(full, { id: "more" }, NOW)).toEqual(
    refused({ type: "shipping_group_limit_reached", limit: MAX_SHIPPING_GROUPS }),
  );
});

test("where a group goes is settled when the order is fulfilled, its tracking is not", () => {
  const elsewhere = { address: { ...address, line_1: "2 Short Lane" } };
  const moved = must(updateOrderGroup(order, "g", elsewhere, NOW));
  expect(moved.shippingGroups).toMatchObject([{ ...elsewhere, shippingType: "slow" }]);
  const settled = refused({ type: "order_fulfilled", orderId: "o", wanted: "update address" });
  expect(updateOrderGroup(shipped, "g", elsewhere, NOW)).toEqual(settled);
  expect(addOrderGroup(shipped, { id: "h", ...elsewhere }, NOW)).toEqual(settled);
  const tracked = must(updateOrderGroup(shipped, "g", { trackingReference: "T" }, NOW));
  expect(tracked.shippingGroups).toMatchObject([{ trackingReference: "T", address }]);
});

test("a group of an order is refused what cannot be", () => {
  const reversed = { deliveryEstimate: { start: "2026-01-03T00:00:00Z", end: "2026-01-02T00:00:00Z" } };
  expect(updateOrderGroup(order, "g", reversed, NOW)).toEqual(refused({ type: "delivery_dates_reversed" }));
  expect(updateOrderGroup(order, "z", {}, NOW)).toEqual(
    refused({ type: "order_shipping_group_not_found", orderId: "o", groupId: "z" }),
  );
});

test("an anonymized order's groups lead to nobody, and stay as they are", () => {
  const tracked = must(updateOrderGroup(shipped, "g", { trackingReference: "T" }, NOW));
  const anonymized = anonymizeOrder(tracked, NOW);
  if (!anonymized.ok) throw new Error(anonymized.error.type);
  const { state } = anonymized.value;
  expect(state.shippingGroups).toMatchObject([
    { shippingType: "slow", trackingReference: "*", address: { line_1: "*", last_name: "*" } },
  ]);
  const closed = refused({ type: "order_anonymized", orderId: "o" });
  expect(updateOrderGroup(state, "g", { trackingReference: "U" }, NOW)).toEqual(closed);
  expect(addOrderGroup(state, { id: "h" }, NOW)).toEqual(closed);
});
