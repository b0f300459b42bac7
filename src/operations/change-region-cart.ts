import { touched } from "../domain/cart/cart.ts";
import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { PaymentSession } from "../domain/cart/region-part.ts";
import { pendingSince } from "../domain/order/pay.ts";
import type { RegionTotals } from "../domain/region-pricing/region-totals.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { sameJson } from "../domain/same-json.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { gatewaysOf } from "./payment-providers.ts";
import {
  type CartProblem,
  loadRegionCart,
  type PricedRegionCart,
  priceRegionLook,
  type RegionLook,
} from "./region-cart.ts";
import { type SessionDesk, sessionDesk, syncSessions } from "./region-sessions.ts";
import { toldOfCart } from "./told-of-cart.ts";

export type ChangeRegionCart = {
  readonly cartId: string;
  /** Things that the change needs besides those in the cart. */
  readonly variantIds?: readonly string[];
  /** Makes sessions for the region's providers that have none. */
  readonly createSessions?: boolean;
  /** The answer shows tax, whatever the region does by itself. */
  readonly withTax?: boolean;
  /** It is only looked at, so that nobody who pays is in the way. */
  readonly isView?: boolean;
  /** Of a request with a key, when the change adds something: a repeat of it changes nothing. */
  readonly attemptId?: string;
};

/** What a change makes of a cart; `discounts` and the like take the place of those that were looked at. */
export type Changed = { readonly cart: RegionCart } & Partial<
  Pick<RegionLook, "region" | "discounts" | "giftCards">
>;

/** Who a change may ask: the desk of payment sessions, and ids that stay the same when it is tried again. */
export type ChangeTools = {
  readonly desk: SessionDesk;
  readonly now: string;
  readonly idFor: (what: string) => string;
};

/**
 * Loads a cart of a region, changes and prices it, brings its payment sessions in step, and saves it if nobody else has
 * in the meantime; otherwise all of it again. Providers are asked with no transaction open, before the cart is saved: what
 * they are told is the same every time. Sessions are given up once it is saved without them. `amendSessions` changes the sessions once they are in step.
 */
export async function changeRegionCart(
  deps: Deps,
  context: Context,
  input: ChangeRegionCart,
  change: (
    look: RegionLook,
    tools: ChangeTools,
  ) => Result<Changed, CartProblem> | Promise<Result<Changed, CartProblem>>,
  amendSessions?: (
    sessions: readonly PaymentSession[],
    cart: RegionCart,
    due: RegionTotals,
    tools: ChangeTools,
  ) => Promise<Result<readonly PaymentSession[], CartProblem>>,
): Promise<Result<PricedRegionCart, CartProblem>> {
  const { storeId, settings } = context.store;
  const desk = sessionDesk(deps, context);
  const isKnown = (provider: string): boolean => gatewaysOf(deps, provider).length > 0;
  const ids = new Map<string, string>();
  const idFor = (what: string): string => {
    const id = ids.get(what) ?? deps.newId();
    ids.set(what, id);
    return id;
  };
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    desk.dropped();
    const now = deps.now();
    const tools: ChangeTools = { desk, now, idFor };
    const loaded = await loadRegionCart(deps, context, input.cartId, now, input.variantIds);
    if (!loaded.ok) return loaded;
    const { version, ...look } = loaded.value;
    const { attemptId } = input;
    if (attemptId !== undefined && look.cart.region.attempts?.includes(attemptId)) {
      return priceRegionLook(look, now, input);
    }
    if (!look.cart.region.completedAt && look.cart.region.completion) {
      const refusal = await paymentUnderWay(deps, context, look.cart.region.completion.orderId);
      if (refusal) return input.isView ? priceRegionLook(look, now, input) : fail(refusal);
    }
    const changed = await change(look, tools);
    if (!changed.ok) return changed;
    const after: RegionLook = { ...look, ...changed.value };
    const priced = priceRegionLook(after, now, input);
    if (!priced.ok) return priced;
    const { due, region } = priced.value;
    const how = {
      create: input.createSessions ?? false,
      lazy: deps.paymentSessions === "lazy",
      newId: (provider: string) => idFor(`session ${provider}`),
    };
    const isOpen = after.cart.region.completedAt === undefined;
    const inStep = isOpen
      ? await syncSessions(desk, after.cart, region, due.cart.total, how, isKnown, now)
      : after.cart.region.paymentSessions;
    const amended = amendSessions ? await amendSessions(inStep, after.cart, due, tools) : ok(inStep);
    if (!amended.ok) return amended;
    const attempts = attemptId === undefined ? undefined : kept(look.cart.region.attempts, attemptId);
    const cart: RegionCart = {
      ...after.cart,
      region: {
        ...after.cart.region,
        paymentSessions: amended.value,
        ...(attempts && { attempts }),
      },
    };
    if (same(cart, look.cart)) return ok({ ...priced.value, cart });
    const saved = { ...cart, ...touched(cart, settings.cart, now), region: cart.region };
    const told = toldOfCart(context, version === 0 ? undefined : look.cart, saved);
    if (await deps.storage.carts.save(storeId, saved, version, told)) {
      await desk.saved();
      return ok({ ...priced.value, cart: { ...saved, version: version + 1 } });
    }
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

/** Attempts that are remembered; older ones are not repeated any more. */
const ATTEMPTS = 10;

function kept(before: readonly string[] = [], attemptId: string): readonly string[] {
  return [...before, attemptId].slice(-ATTEMPTS);
}

/** Whether there is nothing to save. */
function same(a: RegionCart, b: RegionCart): boolean {
  return a === b || (a.version > 0 && sameJson(a, b));
}

/** While somebody pays for the cart, what is paid for is what it was when they began. */
async function paymentUnderWay(
  deps: Deps,
  { store }: Context,
  orderId: string,
): Promise<CartProblem | undefined> {
  const order = await deps.storage.orders.load(store.storeId, orderId);
  if (!order || pendingSince(order) === undefined) return undefined;
  const payment = order.payments.at(-1);
  return { type: "payment_unresolved", paymentId: payment?.id ?? "" };
}
