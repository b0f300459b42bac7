import type { PaymentSession } from "../domain/cart/region-part.ts";
import type { SessionData } from "../domain/order/pay.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { type ChangeTools, changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { CartProblem, PricedRegionCart, RegionLook } from "./region-cart.ts";
import { newSession } from "./region-sessions.ts";

type Answer = Promise<Result<PricedRegionCart, CartProblem>>;

/** Prepares a payment session for every provider of the cart's region; as often as one likes. */
export function createPaymentSessions(deps: Deps, context: Context, cartId: string): Answer {
  return changeRegionCart(deps, context, { cartId, createSessions: true, withTax: true }, (look) =>
    look.cart.region.completedAt === undefined ? ok({ cart: look.cart }) : fail({ type: "cart_completed" }),
  );
}

/** Chooses the session to pay with. */
export function selectPaymentSession(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly provider: string },
): Answer {
  return changeSession(deps, context, input, (sessions, session, tools) =>
    selected(deps, sessions, session, tools),
  );
}

/** Gives a session's provider what the storefront has to say, and chooses the session. */
export function updatePaymentSession(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly provider: string; readonly data: SessionData },
): Answer {
  return changeSession(deps, context, input, async (sessions, session, tools) => {
    const chosen = await selected(deps, sessions, session, tools);
    if (!chosen.ok) return chosen;
    const now = chosen.value.find(({ id }) => id === session.id) as PaymentSession;
    const { amount } = now;
    const updated = await tools.desk.update(now, tools.cart, tools.now, { amount, change: input.data });
    return tellFailure(replaced(chosen.value, updated), updated);
  });
}

/** Begins a session anew at its provider. What was chosen stays chosen. */
export function refreshPaymentSession(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly provider: string },
): Answer {
  return changeSession(deps, context, input, async (sessions, session, tools) => {
    if (!session.isInitiated) return ok(sessions);
    tools.desk.close(session, tools.cart);
    const fresh = newSession(tools.idFor("fresh session"), session.provider, session.amount, tools.now);
    const opened = await tools.desk.open(fresh, tools.cart, tools.now);
    const next = { ...opened, isSelected: session.isSelected };
    const others = sessions.map((other) => (other.id === session.id ? next : other));
    return tellFailure(others, next);
  });
}

/** Gives a session up; one that is not there is no error. */
export function deletePaymentSession(
  deps: Deps,
  context: Context,
  input: { readonly cartId: string; readonly provider: string },
): Answer {
  return changeRegionCart(
    deps,
    context,
    input,
    (look) => openCart(look),
    async (sessions, cart, _due, { desk }) => {
      const session = sessions.find(({ provider }) => provider === input.provider);
      if (session) desk.close(session, cart);
      return ok(sessions.filter((other) => other !== session));
    },
  );
}

type SessionTools = ChangeTools & { readonly cart: RegionLook["cart"] };

function changeSession(
  deps: Deps,
  context: Context,
  { cartId, provider }: { readonly cartId: string; readonly provider: string },
  change: (
    sessions: readonly PaymentSession[],
    session: PaymentSession,
    tools: SessionTools,
  ) => Promise<Result<readonly PaymentSession[], CartProblem>>,
): Answer {
  return changeRegionCart(
    deps,
    context,
    { cartId },
    (look) => {
      const open = openCart(look);
      if (!open.ok) return open;
      return look.region.paymentProviders.includes(provider)
        ? open
        : fail({ type: "payment_provider_not_in_region", provider });
    },
    async (sessions, cart, _due, tools) => {
      const session = sessions.find((candidate) => candidate.provider === provider);
      return session
        ? change(sessions, session, { ...tools, cart })
        : fail({ type: "payment_session_unknown", provider });
    },
  );
}

/** The sessions with this one chosen. Where sessions are prepared when they are chosen, the one before is given up. */
async function selected(
  deps: Deps,
  sessions: readonly PaymentSession[],
  session: PaymentSession,
  { desk, cart, now }: SessionTools,
): Promise<Result<readonly PaymentSession[], CartProblem>> {
  const next: PaymentSession[] = [];
  for (const other of sessions) {
    if (other.id === session.id) {
      const opened = other.isInitiated ? other : await desk.open(other, cart, now);
      const told = tellFailure(sessions, opened);
      if (!told.ok) return told;
      next.push({ ...opened, isSelected: true });
    } else if (other.isSelected && deps.paymentSessions === "lazy") {
      desk.close(other, cart);
      next.push({ ...other, isSelected: false, isInitiated: false, updatedAt: now });
    } else {
      next.push(other.isSelected ? { ...other, isSelected: false } : other);
    }
  }
  return ok(next);
}

function openCart({ cart }: RegionLook): Result<{ readonly cart: RegionLook["cart"] }, CartProblem> {
  return cart.region.completedAt === undefined ? ok({ cart }) : fail({ type: "cart_completed" });
}

function replaced(sessions: readonly PaymentSession[], session: PaymentSession): readonly PaymentSession[] {
  return sessions.map((other) => (other.id === session.id ? session : other));
}

/** A provider that could not be asked is told to whoever wants to pay with it. */
function tellFailure(
  sessions: readonly PaymentSession[],
  { provider, isInitiated }: PaymentSession,
): Result<readonly PaymentSession[], CartProblem> {
  return isInitiated ? ok(sessions) : fail({ type: "payment_provider_failed", provider });
}
