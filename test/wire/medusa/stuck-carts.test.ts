import { Writable } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import { coreId } from "./a-shop.ts";
import { useStripeShop } from "./stripe-shop.ts";

// A shopper who has paid and cannot have an order yet: somebody has to hear of it.

const lines: string[] = [];
const stream = new Writable({
  write(chunk, _encoding, done) {
    lines.push(String(chunk));
    done();
  },
});
const stripe = useStripeShop({}, { log: pino({ level: "warn" }, stream), background: { everyMs: 200 } });
const ask = (method: string, path: string, body?: object) => stripe.wire.ask(method, path, body);
const gauge = async () => {
  const text = await (await fetch(`${stripe.wire.url}/metrics`)).text();
  return /^cartwright_carts_paid_stuck (\d+)$/m.exec(text)?.[1];
};
const reconciled = async () => (await stripe.wire.engine.ask("POST", "/cartwright/reconcile")).body;

test("B4 a cart that is paid for and lacks an e-mail address is warned of, counted, and completed once it has one", async () => {
  const items = [{ variant_id: stripe.shop.variantId, quantity: 1 }];
  const { body } = await ask("POST", "/store/carts", { region_id: stripe.shop.regionId, items });
  const path = `/store/carts/${body.cart.id}`;
  await ask("POST", `${path}/payment-sessions`);
  await ask("POST", `${path}/payment-session`, { provider_id: "stripe" });
  const { data } = (await ask("GET", path)).body.cart.payment_session;
  expect(await gauge()).toBe("0");
  stripe.callsShop();
  await stripe.enter("pm_card_visa", data.id);
  const warnings = () => lines.filter((line) => line.includes("is paid for and cannot be completed"));
  await waitUntil(() => warnings().length > 0, 20_000);
  expect(JSON.parse(warnings()[0] ?? "")).toMatchObject({
    gateway: "stripe",
    cartId: coreId(body.cart.id),
    reason: "order_without_customer",
  });
  expect(await gauge()).toBe("1");
  expect(await reconciled()).toMatchObject({ stuck: 1, unreachable: 0 });
  // The money is still there for the shopper's order.
  expect(stripe.intent(data.id).status).toBe("requires_capture");

  await ask("POST", path, { email: "ada@example.com" });
  expect(await reconciled()).toMatchObject({ stuck: 0 });
  expect((await ask("GET", path)).body.cart.completed_at).not.toBeNull();
  expect(await gauge()).toBe("0");
  expect(warnings()).toHaveLength(1);
});
