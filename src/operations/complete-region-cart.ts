import { refreshRegionPrices } from "../domain/cart/region-change.ts";
import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { PaymentSession } from "../domain/cart/region-part.ts";
import { shortOf } from "../domain/cart/region-stock.ts";
import { extended } from "../domain/extended.ts";
import type { Order } from "../domain/order/order.ts";
import { type GatewayOutcome, settleOperation, startPayment } from "../domain/order/pay.ts";
import type { PaymentOperation } from "../domain/order/payment.ts";
import { placeRegionOrder } from "../domain/order/place-region-order.ts";
import { orderFacts } from "../domain/order/status.ts";
import { usableDiscount } from "../domain/region-pricing/discount-refusal.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { meetsRequirements } from "../domain/shipping/region-options.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { askGateway } from "./ask-gateway.ts";
import { changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { guestCustomer } from "./guest-customer.ts";
import { settle } from "./pay-order.ts";
import {
  type CartProblem,
  loadRegionCart,
  type PricedRegionCart,
  priceRegionLook,
  type RegionLook,
} from "./region-cart.ts";
import { markCompleted, noteSession } from "./region-completion.ts";
import { gatewayOfSession, isOver, newSession, type SessionDesk, sessionDesk } from "./region-sessions.ts";
import { returnPaidSession } from "./return-paid-session.ts";
import { saveRegionOrder } from "./save-region-order.ts";
import { waitForPayment } from "./wait-for-payment.ts";

/** What came of completing a cart: its order, or the cart, when its shopper has something to do before it is paid. */
export type Completion =
  | { readonly kind: "order"; readonly order: Order }
  | {
      readonly kind: "cart";
      readonly priced: PricedRegionCart;
      readonly paymentStatus: "requires_more" | "pending";
    };

type Answer = Result<Completion, CartProblem>;

/** What a cart is paid with, other than with the session that its shopper has chosen. */
type CompleteBy = { readonly provider?: string; readonly sessionId?: string };

/** Times that a cart is looked at anew because somebody else was faster. */
const ROUNDS = 20;

/**
 * Turns a cart into an order that is paid for or promised to be: everything that can be wrong is looked at first, then
 * stock, codes and the order are claimed together, then the payment session's provider is asked, and what it says is
 * settled. A cart has one order: repeated, by whomever and however often at once, it answers with that. After a payment
 * that came to nothing the same order is paid for, with what the cart is by then.
 *
 * A provider that calls nobody is asked first, and all of it is one transaction. Staff who say that a cart is paid for
 * name their own `provider`, whatever the shopper has chosen; `sessionId` is the session that the shopper has paid in.
 *
 * Should things be gone that the shopper has authorized a payment for already, that goes back, unless the store decided
 * to keep money in such cases: then it stays with its session, for when they are there again.
 */
export async function completeRegionCart(
  deps: Deps,
  context: Context,
  cartId: string,
  by: CompleteBy = {},
): Promise<Answer> {
  const answer = await complete(deps, context, cartId, by);
  if (!answer.ok && answer.error.type === "stock_short" && by.provider === undefined) {
    await returnPaidSession(deps, context, cartId, by.sessionId);
  }
  return answer;
}

async function complete(
  deps: Deps,
  context: Context,
  cartId: string,
  { provider, sessionId }: CompleteBy,
): Promise<Answer> {
  const newOrderId = deps.newId();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const desk = sessionDesk(deps, context);
    const now = deps.now();
    const loaded = await loadRegionCart(deps, context, cartId, now);
    if (!loaded.ok) return loaded;
    const { completion, completedAt } = loaded.value.cart.region;
    let before: Order | undefined;
    if (completion) {
      before = await deps.storage.orders.load(context.store.storeId, completion.orderId);
      if (before && completedAt !== undefined) return ok({ kind: "order", order: before });
      const waited = before && (await waitForPayment(deps, context, before));
      if (waited?.kind === "unresolved") {
        return fail({ type: "payment_unresolved", paymentId: waited.paymentId });
      }
      if (waited?.kind === "declined") return declined(deps, context, cartId, waited.payment);
      if (waited?.kind === "paid") return ok({ kind: "order", order: waited.order });
      if (waited) before = waited.order;
    }
    // Whoever waited, or has tried before, looks at the cart as it is by now.
    const current = completion ? await loadRegionCart(deps, context, cartId, now) : loaded;
    if (!current.ok) return current;
    const look = { ...current.value, cart: chosenIn(current.value.cart, sessionId) };
    const ready = await readyCart(deps, context, look, now, provider, desk);
    if (!ready.ok) return ready;
    const tried = await placeAndPay(deps, context, ready.value, before, newOrderId, now, desk);
    if (tried !== "conflict") return tried;
    // An order that the cart does not know of was made of another cart, which had the same reference before it expired.
    if (!completion) {
      const { createdAt } = loaded.value.cart;
      await deps.storage.orders.leaveRegionCart(context.store.storeId, cartId, createdAt);
    }
    await deps.pause(round * 2);
  }
  return fail({ type: "write_conflict" });
}

type ReadyCart = {
  readonly priced: PricedRegionCart;
  readonly version: number;
  readonly customer: { readonly id: string; readonly name: string; readonly isGuest: boolean };
  /** Absent: there is nothing to pay. */
  readonly session?: PaymentSession;
};

/** The cart with that session chosen, if it has it. */
function chosenIn(cart: RegionCart, sessionId: string | undefined): RegionCart {
  const { paymentSessions } = cart.region;
  if (!paymentSessions.some(({ id }) => id === sessionId)) return cart;
  const sessions = paymentSessions.map((session) => ({ ...session, isSelected: session.id === sessionId }));
  return { ...cart, region: { ...cart.region, paymentSessions: sessions } };
}

/** The cart as it can be paid for, or why it cannot: nothing that is looked at here fails once money has moved. */
async function readyCart(
  deps: Deps,
  context: Context,
  { version, ...look }: RegionLook & { readonly version: number },
  now: string,
  provider: string | undefined,
  desk: SessionDesk,
): Promise<Result<ReadyCart, CartProblem>> {
  // What staff have written is what it costs.
  const isDraft = look.cart.region.type === "draft_order";
  const priceChanges = isDraft ? "keep" : context.store.settings.cart.priceChanges;
  const refreshed = refreshRegionPrices(look.cart, look.region, look.goods);
  const cart = priceChanges === "keep" ? look.cart : refreshed.cart;
  const priced = priceRegionLook({ ...look, cart }, now, { withTax: true });
  if (!priced.ok) return priced;
  const { due } = priced.value;
  const chosen =
    provider === undefined
      ? cart.region.paymentSessions.find(({ isSelected }) => isSelected)
      : {
          ...newSession(deps.newId(), provider, due.cart.total, now),
          isSelected: true,
          isInitiated: true,
        };
  if (due.cart.total > 0 && !chosen) return fail({ type: "payment_session_missing" });
  if (cart.items.length === 0) return fail({ type: "cart_empty" });
  const { email } = cart.region;
  if (email === undefined) return fail({ type: "order_without_customer" });
  if (refreshed.gone.length > 0) {
    return fail({
      type: "products_gone",
      items: refreshed.gone.map(({ id, sku, name }) => ({ id, sku, name })),
    });
  }
  if (refreshed.risen.length > 0 && priceChanges === "consent") {
    // Shown once, with sessions for the new amount; the next time it is what the cart says.
    await changeRegionCart(deps, context, { cartId: cart.id }, () => ok({ cart: refreshed.cart }));
    return fail({ type: "prices_risen", currency: look.region.currency, changes: refreshed.risen });
  }
  for (const { optionId } of cart.region.shippingMethods) {
    const option = look.setup.shippingOptions.find(({ id }) => id === optionId);
    if (!option || !meetsRequirements(option, due.cart)) return fail({ type: "option_requirements_unmet" });
  }
  for (const discount of look.discounts) {
    // Its limit is what the save decides: uses that this very cart holds are not in its own way.
    const groupIds = await groupIdsOf(deps, context, cart, discount.rule.conditions.length > 0);
    const usable = usableDiscount(
      { ...discount, usageLimit: null },
      { regionId: look.region.id, customer: { groupIds } },
      Date.parse(now),
    );
    if (!usable.ok) return usable;
  }
  const short = shortOf(cart.items, look.goods);
  if (short.length > 0) return fail({ type: "stock_short", productIds: short });
  const session = due.cart.total > 0 ? chosen : undefined;
  const current = session && (await sessionFor(desk, session, cart, due.cart.total, now));
  if (session && !current) return fail({ type: "payment_session_stale" });
  const sessions =
    provider !== undefined && current
      ? [current]
      : cart.region.paymentSessions.map((other) => (other.id === current?.id ? current : other));
  const customer = await customerOf(deps, context, cart, email);
  const paying = { ...cart, region: { ...cart.region, paymentSessions: sessions } };
  return ok({
    priced: { ...priced.value, cart: paying },
    version,
    customer,
    ...(current && { session: current }),
  });
}

/** The session at its provider and for this amount; undefined when the provider does not change it any more. */
async function sessionFor(
  desk: SessionDesk,
  session: PaymentSession,
  cart: RegionCart,
  amount: number,
  now: string,
): Promise<PaymentSession | undefined> {
  const isGood = session.isInitiated && session.amount === amount && !isOver(session);
  if (isGood && (await desk.isServed(session))) return session;
  const next = session.isInitiated
    ? await desk.update(session, cart, now, { amount })
    : await desk.open({ ...session, amount }, cart, now);
  return next.isInitiated ? next : undefined;
}

async function groupIdsOf(
  deps: Deps,
  { store }: Context,
  { customerId }: RegionCart,
  matters: boolean,
): Promise<readonly string[]> {
  if (!matters || customerId === undefined) return [];
  return (await deps.storage.customers.load(store.storeId, customerId))?.groupIds ?? [];
}

/** Who buys. A cart that another dialect made has an e-mail address, and no guest yet. */
async function customerOf(
  deps: Deps,
  context: Context,
  { customerId, region }: RegionCart,
  email: string,
): Promise<ReadyCart["customer"]> {
  if (customerId !== undefined) return { id: customerId, name: email, isGuest: false };
  const id = region.guestId ?? (await guestCustomer(deps, context, email)).id;
  return { id, name: email, isGuest: true };
}

/** Claims, asks, settles; all at once where nobody outside is asked. */
async function placeAndPay(
  deps: Deps,
  context: Context,
  ready: ReadyCart,
  before: Order | undefined,
  newOrderId: string,
  now: string,
  desk: SessionDesk,
): Promise<Answer | "conflict"> {
  const { priced, version, customer, session } = ready;
  const { cart, region, goods, setup, due, discounts, giftCards } = priced;
  const provider = session?.provider ?? "manual";
  const gateway = gatewayOfSession(deps, session ?? { provider });
  if (!gateway) return fail({ type: "payment_provider_not_in_region", provider });
  const orderId = before?.id ?? newOrderId;
  const placed = placeRegionOrder(
    cart,
    {
      orderId,
      region,
      goods,
      setup,
      totals: due,
      discounts,
      giftCards,
      customer,
      email: cart.region.email ?? "",
      transactionIds: due.giftCards.map(() => deps.newId()),
    },
    now,
  );
  if (!placed.ok) return placed;
  const fresh = placed.value.state;
  // The same order again keeps its history; what is bought is what the cart is now.
  const order: Order = before
    ? {
        ...fresh,
        version: before.version,
        payments: before.payments,
        stock: before.stock,
        createdAt: before.createdAt,
      }
    : fresh;
  const paymentId = deps.newId();
  const started = startPayment(
    order,
    {
      paymentId,
      gateway: gateway.slug,
      method: gateway.methods.includes("authorize") ? "authorize" : "purchase",
      ...(session && { sessionData: session.data, ...referenceOf(session) }),
    },
    now,
  );
  if (!started.ok) return started;
  const operation = operationOf(started.value.state, paymentId);
  const setting = await settingOf(deps, context, gateway);
  if (!setting) return fail({ type: "gateway_disabled", gateway: gateway.slug });
  let decision = started.value;
  const asksNobody = gateway.local || operation.amount === 0;
  if (asksNobody) {
    const outcome = await askGateway(gateway, decision.state, paymentId, operation, setting, {
      how: "send",
      now,
      told: [],
    });
    if (outcome.kind === "declined") {
      return declined(deps, context, cart.id, { ...outcome, provider });
    }
    const settled = settleOperation(decision.state, paymentId, operation.id, outcome, now);
    decision = { state: settled.state, events: [...decision.events, ...settled.events] };
  }
  const completion = { orderId, paymentId };
  const claimedCart: RegionCart = {
    ...cart,
    updatedAt: now,
    region: asksNobody
      ? extended(completedPart(cart, decision.state, session, now), { completion })
      : extended(cart.region, { completion }),
  };
  const saved = await saveRegionOrder(deps, context, {
    decision,
    isNew: before === undefined,
    cart: claimedCart,
    cartVersion: version,
  });
  if (saved.kind === "conflict") return "conflict";
  if (saved.kind === "refused") return fail(saved.refusal);
  await desk.saved();
  if (asksNobody) return ok({ kind: "order", order: saved.order });

  const outcome = await askGateway(gateway, saved.order, paymentId, operation, setting, {
    how: "send",
    now: deps.now(),
    told: [],
  });
  const settled = await settle(deps, context, orderId, paymentId, operation.id, outcome);
  if (!settled.ok) return settled;
  if (outcome.kind === "declined") {
    return declined(deps, context, cart.id, { ...outcome, provider });
  }
  const { anyAuthorized, anyCaptured } = orderFacts(settled.value);
  if (!anyAuthorized && !anyCaptured) return fail({ type: "payment_unresolved", paymentId });
  await markCompleted(deps, context, cart.id, settled.value);
  return ok({ kind: "order", order: settled.value });
}

/** The part of a cart whose order was authorized just now. */
function completedPart(
  cart: RegionCart,
  order: Order,
  session: PaymentSession | undefined,
  now: string,
): RegionCart["region"] {
  const data = order.payments.at(-1)?.sessionData;
  return extended(cart.region, {
    paymentSessions: cart.region.paymentSessions.map((other) =>
      other.id === session?.id
        ? extended(other, { status: "authorized", authorizedAt: now, data: data ?? other.data })
        : other,
    ),
    completedAt: now,
  });
}

function operationOf(order: Order, paymentId: string): PaymentOperation {
  return order.payments.find(({ id }) => id === paymentId)?.operations[0] as PaymentOperation;
}

/** What the gateway calls the payment, when its session says so. */
function referenceOf({ data }: PaymentSession): { readonly reference?: string } {
  return typeof data.id === "string" ? { reference: data.id } : {};
}

async function settingOf(deps: Deps, { store }: Context, gateway: Gateway) {
  if (gateway.local) return { settings: {} };
  const all = await deps.storage.gatewaySettings.all(store.storeId);
  return all.find(({ slug, enabled }) => slug === gateway.slug && enabled);
}

type Decline = Omit<GatewayOutcome & { kind: "declined" }, "kind"> & { readonly provider: string };

/** The payment came to nothing, or to nothing yet: the cart stays open, and its session says how far it is. */
async function declined(
  deps: Deps,
  context: Context,
  cartId: string,
  { provider, ...outcome }: Decline,
): Promise<Answer> {
  const noted = await noteSession(deps, context, cartId, provider, outcome);
  const { code, message } = outcome;
  if (code !== "requires_more" && code !== "pending") {
    return fail({ type: "payment_declined", gateway: provider, code, message });
  }
  return noted.ok ? ok({ kind: "cart", priced: noted.value, paymentStatus: code }) : noted;
}
