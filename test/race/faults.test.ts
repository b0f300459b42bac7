import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturePayment, refundPayment, voidPayment } from "../../src/operations/change-payment.ts";
import type { Deps, Storage } from "../../src/operations/deps.ts";
import { payOrder } from "../../src/operations/pay-order.ts";
import { callOffOrder, shipOrder } from "../../src/operations/update-order.ts";
import { approve, type Behaviour, decline, loseAnswer } from "../fake-gateway.ts";
import { openShop, type Shop } from "./shop.ts";

// Everything that pays, ships or cancels breaks off at each of its calls to the database in turn, right before the call
// or right after it, and is then tried again. Whatever the point, the end is that of a run without a fault.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

type When = "before" | "after";

/** Dependencies whose call number `nth` to the database breaks; 0 breaks none. `calls` counts them. */
function breaking(deps: Deps, nth: number, when: When): { deps: Deps; calls(): number } {
  let calls = 0;
  const breakOff = (moment: When): void => {
    if (calls === nth && moment === when) throw new Error("broken off");
  };
  type Functions = Record<string, (...values: unknown[]) => Promise<unknown>>;
  const wrapPort = (port: Functions): Functions =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [
        name,
        async (...values: unknown[]) => {
          calls += 1;
          breakOff("before");
          const answer = await call.apply(port, values);
          breakOff("after");
          return answer;
        },
      ]),
    );
  const wrap = ({ transaction, ...ports }: Storage): Storage => {
    const entries = Object.entries(ports).map(([name, port]) => [
      name,
      wrapPort(port as unknown as Functions),
    ]);
    return {
      ...(Object.fromEntries(entries) as Omit<Storage, "transaction">),
      transaction: (work) => transaction((inner) => work(wrap(inner))),
    };
  };
  return { deps: { ...deps, storage: wrap(deps.storage) }, calls: () => calls };
}

type Subject = { readonly orderId: string; readonly productId: string; readonly paymentId: string };
/** Something that is done to an order, always under the same ids, so that a repeat is a repeat. */
type Deed = (deps: Deps, subject: Subject) => Promise<unknown>;

const pay =
  (method: "authorize" | "purchase", gateway = shop.gateway.slug): Deed =>
  (deps, { orderId, paymentId }) =>
    payOrder(deps, shop.context, { orderId, paymentId, gateway, method });
const capture: Deed = (deps, { orderId, paymentId }) =>
  capturePayment(deps, shop.context, orderId, {
    paymentId,
    operationId: `${paymentId}-capture`,
    mechanism: "gateway",
  });
const release: Deed = (deps, { orderId, paymentId }) =>
  voidPayment(deps, shop.context, orderId, { paymentId, operationId: `${paymentId}-void` });
const refund: Deed = (deps, { orderId, paymentId }) =>
  refundPayment(deps, shop.context, orderId, { paymentId, operationId: `${paymentId}-refund`, amount: 300 });
const ship: Deed = (deps, { orderId }) => shipOrder(deps, shop.context, orderId);
const cancel: Deed = (deps, { orderId }) => callOffOrder(deps, shop.context, orderId);

async function subjectAfter(before: readonly Deed[]): Promise<Subject> {
  const productId = await shop.newProduct(5);
  const orderId = await shop.newOrder([{ productId, quantity: 2 }]);
  const subject = { orderId, productId, paymentId: randomUUID() };
  for (const deed of before) await deed(shop.deps, subject);
  return subject;
}

/** All that must not depend on where a fault was. */
async function traces({ orderId, productId }: Subject) {
  const { status, payment, shipping, meta } = await shop.order(orderId);
  const { total, allocated } = await shop.stockOf(productId);
  const events = await shop.deps.storage.orders.events(shop.context.store.storeId, orderId);
  return {
    status,
    payment,
    shipping,
    paid: meta.display_price.paid.amount,
    total,
    allocated,
    movements: await shop.movements(productId),
    events: events.map(({ type }) => type),
    ledger: shop.gateway.ledger.filter((entry) => entry.orderId === orderId).map(({ type }) => type),
    taken: shop.gateway.taken(orderId),
  };
}

const cases: readonly { name: string; before: () => Deed[]; deed: () => Deed; behaviour: Behaviour }[] = [
  { name: "purchase", before: () => [], deed: () => pay("purchase"), behaviour: approve },
  {
    name: "purchase whose answer is lost",
    before: () => [],
    deed: () => pay("purchase"),
    behaviour: loseAnswer,
  },
  { name: "purchase that is declined", before: () => [], deed: () => pay("purchase"), behaviour: decline },
  { name: "authorization", before: () => [], deed: () => pay("authorize"), behaviour: approve },
  { name: "payment by hand", before: () => [], deed: () => pay("purchase", "manual"), behaviour: approve },
  { name: "capture", before: () => [pay("authorize")], deed: () => capture, behaviour: approve },
  {
    name: "capture that is declined",
    before: () => [pay("authorize")],
    deed: () => capture,
    behaviour: decline,
  },
  { name: "void", before: () => [pay("authorize")], deed: () => release, behaviour: approve },
  { name: "refund", before: () => [pay("purchase")], deed: () => refund, behaviour: approve },
  {
    name: "refund whose answer is lost",
    before: () => [pay("purchase")],
    deed: () => refund,
    behaviour: loseAnswer,
  },
  { name: "shipping", before: () => [pay("purchase")], deed: () => ship, behaviour: approve },
  { name: "cancellation", before: () => [pay("authorize")], deed: () => cancel, behaviour: approve },
];

const named = cases.map((one) => [one.name, one] as const);

test.each(named)(
  "F3 a %s that breaks off anywhere ends as if it had not",
  async (_name, { before, deed, behaviour }) => {
    const act = deed();
    // What a run without a fault comes to: an answer that was lost is asked for by a second try.
    const whole = await subjectAfter(before());
    const counted = breaking(shop.deps, 0, "before");
    shop.gateway.script(behaviour);
    await act(counted.deps, whole);
    await act(shop.deps, whole);
    const expected = await traces(whole);
    expect(counted.calls()).toBeGreaterThanOrEqual(2);

    for (let nth = 1; nth <= counted.calls(); nth += 1) {
      for (const when of ["before", "after"] as const) {
        const subject = await subjectAfter(before());
        // Not approved by a call that the fault kept from being made: the script is for this subject.
        shop.gateway.otherwise((call, effect) =>
          call.orderId === subject.orderId ? behaviour(call, effect) : approve(call, effect),
        );
        await expect(act(breaking(shop.deps, nth, when).deps, subject)).rejects.toThrow("broken off");
        await act(shop.deps, subject);
        await act(shop.deps, subject);
        shop.gateway.otherwise(approve);
        expect(await traces(subject), `${when} call ${nth}`).toEqual(expected);
      }
    }
    await shop.expectConsistent();
  },
);

test("F3 giving up a payment twice gives the stock back once", async () => {
  const subject = await subjectAfter([]);
  shop.gateway.script(decline);
  const declined = pay("purchase");
  for (let times = 0; times < 3; times += 1) await declined(shop.deps, subject);
  expect(await shop.movements(subject.productId)).toEqual({ create: 1, allocate: 1, deallocate: 1 });
  for (let times = 0; times < 3; times += 1) await cancel(shop.deps, subject);
  expect(await shop.movements(subject.productId)).toEqual({ create: 1, allocate: 1, deallocate: 1 });
});
