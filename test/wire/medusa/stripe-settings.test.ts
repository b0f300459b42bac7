import { afterEach, beforeEach, expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import { coreId } from "./a-shop.ts";
import { useStripeShop } from "./stripe-shop.ts";

// Which of a store's settings the payment provider `stripe` uses: those of `stripe_payment_intents`, or of `stripe`.

const stripe = useStripeShop();
const { cart, enter, complete, intent } = {
  cart: stripe.cart,
  enter: stripe.enter,
  complete: stripe.complete,
  intent: stripe.intent,
};
const SECRET = "whsec_of_intents";
const set = async (slug: string, members: object) => {
  const data = { type: "gateway", ...members };
  expect((await stripe.wire.engine.ask("PUT", `/v2/gateways/${slug}`, { data })).status).toBe(200);
};
const ask = (method: string, path: string, body?: object) => stripe.wire.ask(method, path, body);
const transactionsOf = async (orderId: string) =>
  (await stripe.wire.engine.ask("GET", `/v2/orders/${coreId(orderId)}/transactions`)).body.data;
const preferred = { enabled: true, login: "sk_test_2", webhook_secret: SECRET };

beforeEach(() => set("stripe", { enabled: true, login: "sk_test_1" }));
afterEach(async () => {
  stripe.isSilent();
  await set("stripe_payment_intents", { enabled: false, login: "" });
});

test("it is one provider, offered when either is enabled", async () => {
  const offered = async () =>
    (await stripe.wire.admin("GET", "/admin/store/payment-providers")).payment_providers.map(
      ({ id }: { id: string }) => id,
    );
  expect(await offered()).toContain("stripe");
  await set("stripe", { enabled: false });
  expect(await offered()).not.toContain("stripe");
  await set("stripe_payment_intents", preferred);
  expect((await offered()).filter((id: string) => id.startsWith("stripe"))).toEqual(["stripe"]);
});

test("the settings of stripe_payment_intents are used where they are enabled, also to capture and refund", async () => {
  await set("stripe", { enabled: true, login: "sk_test_invalid" });
  await set("stripe_payment_intents", preferred);
  const { path, intentId } = await cart();
  await enter("pm_card_visa", intentId);
  const { data: order } = (await complete(path)).body;
  expect(order.payments).toMatchObject([{ provider_id: "stripe", data: { id: intentId } }]);
  expect(await transactionsOf(order.id)).toMatchObject([
    { gateway: "stripe_payment_intents", reference: intentId },
  ]);
  await stripe.wire.admin("POST", `/admin/orders/${order.id}/capture`);
  await stripe.wire.admin("POST", `/admin/orders/${order.id}/refund`, { amount: 200, reason: "other" });
  expect(intent(intentId)).toMatchObject({ status: "succeeded", amount_received: 1200 });
});

test("B8 a card that is declined leaves the cart payable, and the session says how far it is", async () => {
  await set("stripe_payment_intents", preferred);
  const { path } = await cart();
  const name = (payment_method: string) =>
    ask("POST", `${path}/payment-sessions/stripe`, { data: { payment_method } });
  await name("pm_card_threeDSecure2Required");
  expect((await complete(path)).body).toMatchObject({
    payment_status: "requires_more",
    data: { payment_session: { provider_id: "stripe", status: "requires_more" } },
  });
  const again = await ask("POST", `${path}/payment-sessions/stripe/refresh`);
  expect(again.status).toBe(200);
});

test("stripe_payment_intents that is enabled without a key is not used", async () => {
  await set("stripe_payment_intents", { enabled: true });
  const { path, intentId } = await cart();
  await enter("pm_card_visa", intentId);
  const { data: order } = (await complete(path)).body;
  expect(await transactionsOf(order.id)).toMatchObject([{ gateway: "stripe" }]);
});

test("C1 a session at a gateway that is switched off begins anew at the other, and what was paid goes back", async () => {
  await set("stripe_payment_intents", preferred);
  const { path, intentId } = await cart();
  await enter("pm_card_visa", intentId);
  await set("stripe_payment_intents", { enabled: false });
  expect((await complete(path)).body).toMatchObject({ type: "cart", payment_status: "pending" });
  const { payment_session: session } = (await ask("GET", path)).body.cart;
  expect(session.data.id).not.toBe(intentId);
  expect(intent(intentId).status).toBe("canceled");
  await enter("pm_card_visa", session.data.id);
  const { data: order } = (await complete(path)).body;
  const paid = (await transactionsOf(order.id)).find(
    ({ status }: { status: string }) => status === "complete",
  );
  expect(paid).toMatchObject({ gateway: "stripe", reference: session.data.id });
});

test.each([
  ["stripe", "whsec_of_the_shop"],
  ["stripe_payment_intents", SECRET],
])("B2 a webhook with the secret of %s completes the cart", async (_slug, secret) => {
  await set("stripe_payment_intents", preferred);
  stripe.simulator.setWebhooks({ url: `${stripe.wire.url}/webhooks/stripe`, secret });
  const { path, intentId } = await cart();
  await enter("pm_card_visa", intentId);
  await waitUntil(async () => (await ask("GET", path)).body.cart.completed_at !== null);
  expect(intent(intentId).metadata.cartwright_order).toBeDefined();
});
