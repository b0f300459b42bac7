import { expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import { medusaClient } from "./clients.ts";
import { useMedusa } from "./harness.ts";

// The demo store as a newcomer meets it: cards work in its regions, without an account anywhere.

const wire = useMedusa({ CARTWRIGHT_SEED: "demo", CARTWRIGHT_STRIPE_API_BASE: "" });

async function preparedCart() {
  const medusa = await medusaClient("@medusajs/medusa-js", wire);
  const { regions } = await medusa.regions.list();
  const { products } = await medusa.products.list({ limit: 100 });
  const variants = products.flatMap(
    ({ variants: of }: { variants: { id: string; purchasable: boolean }[] }) => of,
  );
  const { id: variant_id } = variants.find(({ purchasable }: { purchasable: boolean }) => purchasable) as {
    id: string;
  };
  const items = [{ variant_id, quantity: 1 }];
  const { cart } = await medusa.carts.create({ region_id: regions[0].id, items });
  await medusa.carts.update(cart.id, { email: "ada@example.com" });
  await medusa.carts.createPaymentSessions(cart.id);
  const pay = async (payment_method: string) => {
    await medusa.carts.updatePaymentSession(cart.id, "stripe", { data: { payment_method } });
    return medusa.carts.complete(cart.id);
  };
  return { medusa, id: cart.id as string, pay };
}

test("a test card pays after another was declined", async () => {
  const { pay } = await preparedCart();
  await expect(pay("pm_card_chargeDeclined")).rejects.toMatchObject({ response: { status: 400 } });
  expect(await pay("pm_card_visa")).toMatchObject({ type: "order", data: { payment_status: "awaiting" } });
});

test("3-D Secure has a page, and the shop hears of it by itself", async () => {
  const { medusa, id, pay } = await preparedCart();
  const waiting = await pay("pm_card_threeDSecure2Required");
  expect(waiting).toMatchObject({ type: "cart", payment_status: "requires_more" });
  const { next_action: action, client_secret: secret } = waiting.data.payment_session.data;
  const { origin, pathname } = new URL(action.use_stripe_sdk.stripe_js);
  const form = new URLSearchParams({ secret, outcome: "pass", return: "" });
  expect((await fetch(origin + pathname, { method: "POST", body: form })).status).toBe(200);
  await waitUntil(async () => (await medusa.carts.retrieve(id)).cart.completed_at !== null);
  expect((await medusa.orders.retrieveByCartId(id)).order).toMatchObject({ payment_status: "awaiting" });
});
