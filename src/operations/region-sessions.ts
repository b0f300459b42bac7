import type { RegionCart } from "../domain/cart/region-lines.ts";
import type { PaymentSession } from "../domain/cart/region-part.ts";
import type { SessionData } from "../domain/order/pay.ts";
import type { Region } from "../domain/region/region.ts";
import type { Gateway, SessionCall, SessionState } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { chosenGateway, gatewaysOf } from "./payment-providers.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";

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
  /** Notes that it is to be given up, which happens when its owner was saved without it: before, it may still pay. */
  close(session: PaymentSession, owner: SessionOwner): void;
  /** The owner was saved: what was closed is given up at its provider. What fails there is left to the provider. */
  saved(): Promise<void>;
  /** The owner was not saved, and all is tried again: what was closed is as good as before. */
  dropped(): void;
  /** Whether the gateway that the session was prepared at still takes part. */
  isServed(session: PaymentSession): Promise<boolean>;
};

/** The gateway that a session is prepared at. */
export function gatewayOfSession(
  deps: Pick<Deps, "gateways">,
  { gateway, provider }: Pick<PaymentSession, "gateway" | "provider">,
): Gateway | undefined {
  return deps.gateways.get(gateway ?? provider) ?? gatewaysOf(deps, provider)[0];
}

export function sessionDesk(deps: Deps, { store }: Context): SessionDesk {
  let settings: Promise<readonly GatewaySetting[]> | undefined;
  const allSettings = (): Promise<readonly GatewaySetting[]> => {
    settings ??= deps.storage.gatewaySettings.all(store.storeId);
    return settings;
  };
  /** The gateway to prepare sessions of a provider at, by what the store has set up. */
  const gatewayFor = async (provider: string): Promise<Gateway | undefined> => {
    const [only, ...others] = gatewaysOf(deps, provider);
    return others.length === 0 ? only : chosenGateway(deps, provider, await allSettings());
  };
  const isServed = async (session: PaymentSession): Promise<boolean> => {
    const gateway = gatewayOfSession(deps, session);
    if (!gateway || gateway.local) return gateway !== undefined;
    return (await allSettings()).some(({ slug, enabled }) => enabled && slug === gateway.slug);
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
    settings: gateway.local
      ? {}
      : ((await allSettings()).find(({ slug }) => slug === gateway.slug)?.settings ?? {}),
    signal: gateway.local ? noDeadline : AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS)),
  });
  let closed: (() => Promise<void>)[] = [];
  const close = (session: PaymentSession, owner: SessionOwner): void => {
    const gateway = gatewayOfSession(deps, session);
    const { sessions } = gateway ?? {};
    if (!session.isInitiated || !gateway || !sessions) return;
    closed.push(async () => sessions.close(await callOf(gateway, session, owner)));
  };
  const asked = (
    session: PaymentSession,
    gateway: Gateway,
    { status, data }: SessionState,
    now: string,
  ): PaymentSession => {
    const { gateway: _, ...rest } = session;
    const place = gateway.slug === session.provider ? {} : { gateway: gateway.slug };
    return { ...rest, ...place, isInitiated: true, status, data, updatedAt: now };
  };
  const open: SessionDesk["open"] = async (session, owner, now) => {
    const gateway = await gatewayFor(session.provider);
    if (!gateway) return { ...session, status: "error" };
    if (!gateway.sessions) return asked(session, gateway, session, now);
    try {
      const state = await gateway.sessions.open(await callOf(gateway, session, owner));
      return asked(session, gateway, state, now);
    } catch {
      return { ...session, isInitiated: false, status: "error", data: {}, updatedAt: now };
    }
  };
  return {
    open,
    async update(session, owner, now, { amount, change }) {
      const gateway = gatewayOfSession(deps, session);
      const next = { ...session, amount, updatedAt: now };
      if (!gateway?.sessions) return { ...next, data: { ...session.data, ...change } };
      if (!(await isServed(session))) {
        // The store has changed its mind about the gateway: what it prepared there goes back.
        close(session, owner);
        return open({ ...next, data: {} }, owner, now);
      }
      const call = await callOf(gateway, next, owner);
      try {
        const state = await gateway.sessions.update({ ...call, ...(change && { change }) });
        if (state.former) close({ ...session, data: state.former }, owner);
        return asked(next, gateway, state, now);
      } catch {
        // It still asks for the former amount there; it is not initiated until the provider has heard of this one.
        return { ...next, isInitiated: false, status: "error" };
      }
    },
    close,
    async saved() {
      const due = closed;
      closed = [];
      await Promise.allSettled(due.map((giveUp) => giveUp()));
    },
    dropped() {
      closed = [];
    },
    isServed,
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
  isKnown: (provider: string) => boolean,
  now: string,
): Promise<readonly PaymentSession[]> {
  const before = cart.region.paymentSessions;
  if (before.length === 0 && !how.create) return before;
  const providers = region.paymentProviders.filter(isKnown);
  const sessions: PaymentSession[] = [];
  for (const session of before) {
    if (total <= 0 || !providers.includes(session.provider)) {
      desk.close(session, cart);
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

/** Nobody can pay with it as it is: its provider is asked anew. */
export function isOver({ status }: PaymentSession): boolean {
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
