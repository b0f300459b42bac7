import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { GatewayCall } from "../../src/gateways/gateway.ts";
import { waitUntil } from "../engine.ts";
import type { GatewayFault } from "./conformance.ts";
import { payPalRig } from "./paypal-rig.ts";
import { type PayPalServer, startPayPalServer } from "./paypal-server.ts";

// What is particular about PayPal: two steps to be paid, its tokens, its amounts, its merchants and those who act for them.

let server: PayPalServer;
let rig: ReturnType<typeof payPalRig>;
beforeAll(async () => {
  server = await startPayPalServer();
  rig = payPalRig(server);
});
afterAll(() => server.close());
afterEach(() => {
  server.heal();
  expect(server.complaints).toEqual([]);
});

const aCall = (members: Partial<GatewayCall> & Pick<GatewayCall, "operation">): GatewayCall => {
  const key = randomUUID();
  return {
    key,
    orderId: randomUUID(),
    paymentId: key,
    amount: 2000,
    currency: "USD",
    claimedAt: new Date().toISOString(),
    ageMs: 0,
    settings: rig.settings,
    signal: AbortSignal.timeout(15_000),
    ...members,
  };
};
const send = (made: GatewayCall) => rig.gateway[made.operation](made);
const started = async (operation: "authorize" | "purchase", members: Partial<GatewayCall> = {}) => {
  const made = aCall({ operation, ...members });
  const outcome = await send(made);
  if (outcome.kind !== "pending") throw new Error(`The payment is ${outcome.kind}`);
  return { ...made, reference: outcome.reference };
};
/** A payment that was approved and carried out, and a call about it. */
const paid = async (operation: "authorize" | "purchase", next: GatewayCall["operation"], amount = 2000) => {
  const { key: _key, ...made } = await started(operation);
  server.books.approve(made.reference);
  expect((await rig.gateway.find({ ...made, key: made.paymentId })).kind).toBe("approved");
  return aCall({ ...made, operation: next, amount, key: randomUUID() });
};
const bodyOf = (reference: string) => server.books.order(reference).body;

const faults: readonly GatewayFault[] = [
  "lost_before",
  "lost_after",
  "failed_before",
  "failed_after",
  "busy",
];

describe("D2 an order whose making is not answered", () => {
  test.each(faults)("%s: moves no money, and the same key makes it once", async (fault) => {
    const made = aCall({ operation: "purchase" });
    server.break("create", fault);
    await expect(send(made)).rejects.toThrow();
    server.heal();
    expect(await rig.gateway.find(made)).toEqual({ kind: "absent" });
    expect((await send(made)).kind).toBe("pending");
    const ours = [...server.books.orders.values()].filter(({ unit }) => unit.invoice_id === made.key);
    expect(ours).toHaveLength(1);
    expect(server.books.of(made.paymentId).charges).toBe(0);
  });

  test("a connection that is cut once is no reason to give up", async () => {
    server.break("create", "lost_after", 1);
    expect((await send(aCall({ operation: "purchase" }))).kind).toBe("pending");
  });
});

describe("an order that is closed", () => {
  test("stays closed for a call that captures it just then", async () => {
    const made = await started("purchase");
    server.books.approve(made.reference);
    server.slow("finish", 200);
    const [captured, released] = await Promise.all([
      rig.gateway.find(made),
      rig.gateway.void({ ...made, operation: "void", key: randomUUID() }),
    ]);
    expect(released.kind).toBe("approved");
    expect(captured).toMatchObject({ kind: "declined", code: "cancelled" });
    expect(server.books.of(made.paymentId).charges).toBe(0);
  });

  test("is captured when the closing comes too late, and says so", async () => {
    const made = await started("purchase");
    server.books.approve(made.reference);
    server.books.finish(made.reference, "CAPTURE");
    const release = { ...made, operation: "void" as const, key: randomUUID() };
    expect(await send(release)).toMatchObject({ kind: "declined", code: "payment_captured" });
    expect((await rig.gateway.find({ ...made, ageMs: 3_700_000 })).kind).toBe("approved");
  });

  test("after a decline stays declined, whatever the shopper approves then", async () => {
    const made = await started("purchase");
    server.books.approve(made.reference, { declines: true });
    const declined = await rig.gateway.find(made);
    expect(declined).toMatchObject({ kind: "declined", code: "instrument_declined" });
    server.books.approve(made.reference);
    expect(await rig.gateway.find(made)).toEqual(declined);
    expect(server.books.of(made.paymentId).charges).toBe(0);
  });

  test("is one that PayPal has dropped, too; what we do not find for other reasons is not", async () => {
    const made = await started("authorize");
    server.books.orders.delete(made.reference);
    await expect(rig.gateway.find(made)).rejects.toThrow();
    expect(await rig.gateway.find({ ...made, ageMs: 3_700_000 })).toMatchObject({ code: "abandoned" });
  });
});

test("an authorization that is released while it is being made is released after all", async () => {
  const made = await started("authorize");
  server.books.approve(made.reference);
  server.break("patch", "lost_before");
  // Authorized by somebody else between the look at the order and its closing.
  const release = send({ ...made, operation: "void", key: randomUUID() });
  await waitUntil(() =>
    server.requests.some(({ name }) => name.startsWith("PATCH") && name.endsWith(made.reference)),
  );
  server.books.finish(made.reference, "AUTHORIZE");
  server.heal();
  expect((await release).kind).toBe("approved");
  expect(server.books.of(made.paymentId)).toMatchObject({ charges: 1, authorized: 0 });
});

test("D1 a part that is given back twice at the same time, under one key, is given back once", async () => {
  const refund = await paid("purchase", "refund", 500);
  server.slow("refund", 100);
  const outcomes = await Promise.all([send(refund), send(refund)]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["approved", "approved"]);
  expect(server.books.of(refund.paymentId)).toMatchObject({ captured: 2000, refunded: 500 });
});

test("I2 a refund names the capture that has so much left; none has more than it took", async () => {
  const { reference = "", ...rest } = await paid("authorize", "refund", 700);
  const authorization = server.books.order(reference).authorizations[0]?.id ?? "";
  for (const value of ["5.00", "9.00"]) {
    server.books.capture(authorization, {
      amount: { currency_code: "USD", value },
      invoice_id: randomUUID(),
    });
  }
  const of = { ...rest, reference };
  const refund = (amount: number) => send({ ...of, amount, key: randomUUID() });
  expect((await refund(700)).kind).toBe("approved");
  expect((await refund(400)).kind).toBe("approved");
  expect(await refund(301)).toMatchObject({ kind: "declined", code: "refund_too_large" });
  expect((await refund(300)).kind).toBe("approved");
  expect(server.books.of(of.paymentId)).toMatchObject({ captured: 1400, refunded: 1400 });
  expect(server.books.order(reference).refunds.map(({ amount }) => amount.value)).toEqual([
    ...["7.00", "4.00", "1.00", "2.00"],
  ]);
});

test.each(["lost_after", "lost_before"] as const)(
  "I2 D2 a refund of two captures whose second part is %s is finished, once",
  async (fault) => {
    const { reference = "", ...rest } = await paid("authorize", "refund", 80);
    const authorization = server.books.order(reference).authorizations[0]?.id ?? "";
    for (const value of ["0.30", "0.70"]) {
      const amount = { currency_code: "USD", value };
      server.books.capture(authorization, { amount, invoice_id: randomUUID() });
    }
    const of = { ...rest, reference, amount: 80, key: randomUUID() };
    let calls = 0;
    server.setChaos((operation) => (operation === "refund" && ++calls > 1 ? fault : undefined));
    await expect(send(of)).rejects.toThrow();
    server.setChaos(undefined);
    expect((await rig.gateway.find(of)).kind).toBe("approved");
    expect((await send(of)).kind).toBe("approved");
    expect(server.books.of(of.paymentId)).toMatchObject({ captured: 100, refunded: 80 });
  },
);

describe("H6 amounts", () => {
  test.each([
    ["HUF", 100_000, "1000"],
    ["TWD", 5000, "50"],
    ["JPY", 500, "500"],
    ["EUR", 5, "0.05"],
  ])("%s %i is asked for as %s", async (currency, amount, value) => {
    const { reference } = await started("purchase", { currency, amount });
    expect(bodyOf(reference).purchase_units[0]?.amount).toEqual({ currency_code: currency, value });
  });

  test.each(["HUF", "TWD"])(
    "%s with decimals is refused with the reason, and PayPal is not asked",
    async (currency) => {
      const before = server.requests.length;
      expect(await send(aCall({ operation: "purchase", currency, amount: 100_050 }))).toEqual({
        kind: "declined",
        code: "amount_not_chargeable",
        message: `PayPal takes no decimals of ${currency}: the amount must be whole`,
      });
      expect(server.requests).toHaveLength(before);
    },
  );

  test("what PayPal takes none of is PayPal's to say", async () => {
    const outcome = await send(aCall({ operation: "purchase", currency: "XTS" }));
    expect(outcome).toMatchObject({ kind: "declined", code: "currency_not_supported" });
  });
});

describe("credentials", () => {
  const tokensAsked = () => server.requests.filter(({ name }) => name === "POST /v1/oauth2/token").length;

  test("a token serves many calls; one that was withdrawn is replaced", async () => {
    await started("purchase");
    const before = tokensAsked();
    await Promise.all([started("purchase"), started("authorize")]);
    expect(tokensAsked()).toBe(before);
    server.revokeTokens();
    await started("purchase");
    expect(tokensAsked()).toBe(before + 1);
  });

  test("that are wrong are a definite no for what is new, and leave open what was approved", async () => {
    const settings = { ...rig.settings, client_secret: "of-somebody-else" };
    expect(await send(aCall({ operation: "purchase", settings }))).toMatchObject({
      kind: "declined",
      code: "gateway_credentials_refused",
    });
    const made = await started("purchase");
    server.books.approve(made.reference);
    await expect(rig.gateway.find({ ...made, settings })).rejects.toThrow();
    expect((await rig.gateway.find(made)).kind).toBe("approved");
    const { client_secret: _secret, ...none } = rig.settings;
    expect(await send(aCall({ operation: "purchase", settings: none }))).toMatchObject({
      code: "gateway_not_configured",
    });
  });

  test("nor the token are in what is thrown", async () => {
    server.break("create", "failed_before");
    const thrown = await send(aCall({ operation: "purchase" })).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ message: "PayPal answered 500 INTERNAL_SERVER_ERROR" });
    const told = JSON.stringify([thrown, Object.getOwnPropertyDescriptors(thrown), (thrown as Error).stack]);
    expect(told).not.toMatch(/Bearer|Basic|shop-secret|authorization/i);
  });

  test("who acts for a merchant says so with every call, and the merchant is paid", async () => {
    const settings = { ...rig.settings, payer_id: "MERCHANT1" };
    const { reference } = await started("purchase", { settings });
    expect(bodyOf(reference).purchase_units[0]).toMatchObject({ payee: { merchant_id: "MERCHANT1" } });
    const assertion = String(server.requests.at(-1)?.headers["paypal-auth-assertion"]);
    const [head, claims, signature] = assertion.split(".");
    const read = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString());
    expect([read(head), read(claims), signature]).toEqual([
      { alg: "none" },
      { iss: "shop-client", payer_id: "MERCHANT1" },
      "",
    ]);
    const { reference: own } = await started("purchase");
    expect(bodyOf(own).purchase_units[0]).not.toHaveProperty("payee");
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("paypal-auth-assertion");
  });
});

test("without options PayPal's page asks for no address, and for the payment at once; nonsense is not passed on", async () => {
  const context = async (options: Readonly<Record<string, unknown>>) =>
    bodyOf((await started("purchase", { options })).reference).application_context;
  const plain = { shipping_preference: "NO_SHIPPING", user_action: "PAY_NOW" };
  expect(await context({})).toEqual(plain);
  const odd = { application_context: { locale: 5, landing_page: "<b>", other: "x" }, customer: "c" };
  expect(await context(odd)).toEqual(plain);
  expect(await context({ return_url: "http://shop.example/back" })).toEqual({
    ...plain,
    return_url: "http://shop.example/back",
    cancel_url: "http://shop.example/back",
  });
});
