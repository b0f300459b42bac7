import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { PaymentSession } from "../domain/cart/region-part.ts";
import type { SessionData } from "../domain/order/pay.ts";
import type { Region } from "../domain/region/region.ts";
import type { Gateway, SessionCall, SessionState } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";

/** What sessions are for, as far as providers are told: a cart of a region, or the difference of an edited order. */
export type SessionOwner = {
  readonly id: string;
  readonly currency?: string;
  readonly region: { readonly email?: string };
};

/** Asks payment providers about the sessions of one owner. A store's settings of gateways are read once, if at all. */
export type SessionDesk = {
  /** A session at its provider; where that fails, one that is noted and not initiated. */
  open(session: PaymentSession, owner: SessionOwner, now: string): Promise<PaymentSession>;
  /** The session with the owner's amount, and with what the storefront sent, at its provider too. */
  update(
    session: PaymentSession,
    owner: SessionOwner,
    now: string,
    input: { readonly amount: number; readonly change?: SessionData },
  ): Promise<PaymentSession>;
  /** Gives it up at its provider; what fails there is left to the provider. */
  close(session: PaymentSession, owner: SessionOwner): Promise<void>;
};

export function sessionDesk(deps: Deps, { store }: Context): SessionDesk {
  let settings: Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> | undefined;
  const settingsOf = async (gateway: Gateway): Promise<Readonly<Record<string, unknown>>> => {
    if (gateway.local) return {};
    settings ??= deps.storage.gatewaySettings
      .all(store.storeId)
      .then((all) => new Map(all.filter(({ enabled }) => enabled).map((one) => [one.slug, one.settings])));
    return (await settings).get(gateway.slug) ?? {};
  };
  const callOf = async (
    gateway: Gateway,
    session: PaymentSession,
    owner: SessionOwner,
  ): Promise<SessionCall> => ({
    key: session.id,
    cartId: owner.id,
    amount: session.amount,
    currency: owner.currency ?? "",
    ...(owner.region.email !== undefined && { email: owner.region.email }),
    data: session.data,
    settings: await settingsOf(gateway),
    signal: gateway.local ? noDeadline : AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS)),
  });
  const asked = (session: PaymentSession, { status, data }: SessionState, now: string): PaymentSession => ({
    ...session,
    isInitiated: true,
    status,
    data,
    updatedAt: now,
  });
  return {
    async open(session, owner, now) {
      const gateway = deps.gateways.get(session.provider);
      if (!gateway) return { ...session, status: "error" };
      if (!gateway.sessions) return { ...session, isInitiated: true };
      try {
        return asked(session, await gateway.sessions.open(await callOf(gateway, session, owner)), now);
      } catch {
        return { ...session, isInitiated: false, status: "error", data: {}, updatedAt: now };
      }
    },
    async update(session, owner, now, { amount, change }) {
      const gateway = deps.gateways.get(session.provider);
      const next = { ...session, amount, updatedAt: now };
      if (!gateway?.sessions) return { ...next, data: { ...session.data, ...change } };
      const call = await callOf(gateway, next, owner);
      try {
        return asked(next, await gateway.sessions.update({ ...call, ...(change && { change }) }), now);
      } catch {
        // It still asks for the former amount there; it is not initiated until the provider has heard of this one.
        return { ...next, isInitiated: false, status: "error" };
      }
    },
    async close(session, owner) {
      const gateway = deps.gateways.get(session.provider);
      if (!session.isInitiated || !gateway?.sessions) return;
      await gateway.sessions.close(await callOf(gateway, session, owner)).catch(() => undefined);
    },
  };
}

/** For a gateway that calls nobody. */
const noDeadline = new AbortController().signal;

/**
 * Brings the sessions of a cart in step with it: those that ask for another amount ask for the cart's, those of providers
 * that the region has no more go, and all go when there is nothing to pay. With `create`, every provider of the region
 * has one: prepared at the provider at once, or (`lazy`) when it is chosen. Where there is one provider, it is chosen.
 */
export async function syncSessions(
  desk: SessionDesk,
  cart: RegionCart,
  region: Region,
  total: number,
  how: { readonly create: boolean; readonly lazy: boolean; readonly newId: (provider: string) => string },
  known: ReadonlySet<string>,
  now: string,
): Promise<readonly PaymentSession[]> {
  const before = cart.region.paymentSessions;
  if (before.length === 0 && !how.create) return before;
  const providers = region.paymentProviders.filter((provider) => known.has(provider));
  const sessions: PaymentSession[] = [];
  for (const session of before) {
    if (total <= 0 || !providers.includes(session.provider)) {
      await desk.close(session, cart);
    } else if (session.amount === total && !isOver(session)) {
      sessions.push(session);
    } else if (session.isInitiated || (isOver(session) && Object.keys(session.data).length > 0)) {
      sessions.push(await desk.update(session, cart, now, { amount: total }));
    } else {
      sessions.push({ ...session, amount: total, updatedAt: now });
    }
  }
  if (!how.create || total <= 0) return sessions;
  for (const provider of providers) {
    const index = sessions.findIndex((session) => session.provider === provider);
    const session = sessions[index] ?? newSession(how.newId(provider), provider, total, now);
    const isOnly = providers.length === 1 && !sessions.some(({ isSelected }) => isSelected);
    const wanted =
      session.isInitiated || (how.lazy && !isOnly) ? session : await desk.open(session, cart, now);
    const next = isOnly ? { ...wanted, isSelected: true } : wanted;
    if (index < 0) sessions.push(next);
    else sessions[index] = next;
  }
  return sessions;
}

/** Its provider is asked anew. */
function isOver({ status }: PaymentSession): boolean {
  return status === "error" || status === "canceled";
}

/** A session that no provider has heard of. */
export function newSession(id: string, provider: string, amount: number, now: string): PaymentSession {
  return {
    id,
    provider,
    isSelected: false,
    isInitiated: false,
    status: "pending",
    data: {},
    amount,
    createdAt: now,
    updatedAt: now,
  };
}
