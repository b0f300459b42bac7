import { afterAll, beforeAll, expect, test } from "vitest";
import { openStripeShop, type StripeShop } from "../../gateways/stripe-shop.ts";

let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop();
});
afterAll(() => stripe.close());

const nothing = { pending: 0, completed: 0, failed: 0, unknown: 0, changed: 0, unreachable: 0, stuck: 0 };
const reconcile = () => stripe.shop.ask("POST", "/cartwright/reconcile");
const paymentOf = async (orderId: string) => (await stripe.shop.order(orderId)).payment;

test("B3 one call finishes what was never answered and notes what no webhook told", async () => {
  const captured = await stripe.payFor("pm_card_visa", "authorize");
  const proven = await stripe.payFor("pm_card_threeDSecure2Required");
  expect((await reconcile()).body).toMatchObject({ pending: 1, unknown: 1 });

  stripe.simulator.faults.add({ operation: "create", fault: "lose_after", times: 3 });
  const lost = await stripe.payFor("pm_card_visa");
  stripe.simulator.faults.clear();
  await stripe.atStripe(`payment_intents/${captured.reference}/capture`);
  await stripe.simulator.authenticate(proven.reference, true);
  const { status, body } = await reconcile();
  expect(status).toBe(200);
  // The shopper's proof is told as an event, too; whoever comes first settles it.
  expect(body).toEqual({
    ...nothing,
    pending: body.completed,
    completed: body.completed,
    changed: body.changed,
  });
  expect(body.completed + body.changed).toBe(3);
  for (const { orderId } of [captured, proven, lost]) expect(await paymentOf(orderId)).toBe("paid");
  expect((await reconcile()).body).toEqual(nothing);
});

test("D4 what cannot be found out is counted, and found out by the next call", async () => {
  stripe.simulator.faults.add({ operation: "create", fault: "lose_after", times: 3 });
  const lost = await stripe.payFor("pm_card_visa");
  stripe.simulator.faults.clear();
  for (const operation of ["list", "list_events"] as const) {
    stripe.simulator.faults.add({ operation, fault: "lose_before" });
  }
  expect((await reconcile()).body).toEqual({ ...nothing, pending: 1, unknown: 1, unreachable: 1 });
  stripe.simulator.faults.clear();
  await reconcile();
  expect(await paymentOf(lost.orderId)).toBe("paid");
});

test("is the shop's alone", async () => {
  const asked = await stripe.shop.ask("POST", "/cartwright/reconcile", undefined, { as: "shopper" });
  expect(asked).toMatchObject({ status: 403, body: { type: "shop_only" } });
});
