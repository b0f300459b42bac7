import { afterAll, beforeAll, expect, test } from "vitest";
import { openStripeShop, type StripeShop } from "./stripe-shop.ts";

let stripe: StripeShop;
beforeAll(async () => {
  stripe = await openStripeShop();
});
afterAll(() => stripe.close());

const authorized = async (gateway: string): Promise<{ orderId: string; reference: string }> => {
  const orderId = await stripe.shop.newOrder([{ productId: await stripe.shop.newProduct(5) }]);
  const { body } = await stripe.shop.pay(orderId, { gateway, method: "authorize", payment: "pm_card_visa" });
  return { orderId, reference: body.data.reference };
};

test("R8 what happened is found, however much has happened since", { timeout: 120_000 }, async () => {
  const { orderId, reference } = await authorized("stripe");
  await stripe.atStripe(`payment_intents/${reference}/capture`);
  // Another shop on the same account, whose refunds tell two things each.
  const foreign = (await stripe.atStripe("payment_intents", {
    amount: "500000",
    currency: "usd",
    confirm: "true",
    payment_method: "pm_card_visa",
  })) as { id: string };
  for (let part = 0; part < 26; part += 1) {
    await Promise.all(
      Array.from({ length: 40 }, () =>
        stripe.atStripe("refunds", { payment_intent: foreign.id, amount: "1" }),
      ),
    );
  }
  await stripe.fetchEvents();
  expect(await stripe.shop.order(orderId)).toMatchObject({ status: "complete", payment: "paid" });
});

test("a gateway that cannot be asked keeps no other from being asked, and is asked again for the same time", async () => {
  const settings = (gateway: string, login: string) =>
    stripe.shop.ask("PUT", `/v2/gateways/${gateway}`, { data: { type: "gateway", enabled: true, login } });
  await settings("stripe_payment_intents", "sk_test_1");
  const lost = await authorized("stripe");
  const told = await authorized("stripe_payment_intents");
  // The first of the two by name is the one that refuses.
  await settings("stripe", "sk_test_invalid");
  for (const { reference } of [lost, told]) await stripe.atStripe(`payment_intents/${reference}/capture`);
  await stripe.fetchEvents();
  expect(await stripe.shop.order(told.orderId)).toMatchObject({ payment: "paid" });
  await settings("stripe", "sk_test_1");
  await stripe.fetchEvents();
  expect(await stripe.shop.order(lost.orderId)).toMatchObject({ payment: "paid" });
});
