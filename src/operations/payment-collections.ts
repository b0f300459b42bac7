import type { PaymentSession } from "../domain/cart/region-part.ts";
import type { Order } from "../domain/order/order.ts";
import { paymentOfSession, pendingForEdit } from "../domain/order/pay-edit.ts";
import { paymentFacts } from "../domain/order/payment.ts";
import { collectionStatus, type PaymentCollection } from "../domain/order/payment-collection.ts";
import type { Region } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import type { EditProblem } from "./order-edits.ts";
import { newSession, type SessionDesk, type SessionOwner, sessionDesk } from "./region-sessions.ts";

/** A collection with the order whose payments say how far it is, and the region that it is paid in. */
export type CollectionOfOrder = {
  readonly collection: PaymentCollection;
  readonly order: Order;
  /** As it is now; as it was when it was sold in, if it is gone. */
  readonly region: Region;
};

/** One session that is wanted: of a provider, for a part of what is due, in the place of one that is there. */
export type WantedSession = {
  readonly provider: string;
  /** Minor units. */
  readonly amount: number;
  readonly sessionId?: string;
};

export async function loadCollection(
  { storage }: Pick<Deps, "storage">,
  { store }: Context,
  collectionId: string,
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const { storeId } = store;
  const collection = await storage.records.load(storeId, "payment_collection", collectionId);
  if (!collection) return fail({ type: "payment_collection_not_found", collectionId });
  const { orderId, regionId } = collection;
  const [order, setup] = await Promise.all([
    storage.orders.load(storeId, orderId),
    storage.records.setup(storeId),
  ]);
  if (!order) return fail({ type: "order_not_found", orderId });
  const region = setup.regions.find(({ id }) => id === regionId) ?? order.region?.region;
  return region ? ok({ collection, order, region }) : fail({ type: "region_not_found", regionId });
}

/** Prepares one session for all that is due. */
export async function setSession(
  deps: Deps,
  context: Context,
  input: { readonly collectionId: string; readonly provider: string },
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const found = await loadCollection(deps, context, input.collectionId);
  if (!found.ok) return found;
  const { amount, sessions } = found.value.collection;
  const before = sessions.find(({ provider }) => provider === input.provider);
  const wanted = { provider: input.provider, amount, ...(before && { sessionId: before.id }) };
  return setSessions(deps, context, input.collectionId, [wanted]);
}

/**
 * Shares what is due out over these sessions, which take the place of all that there are.
 * @param by staff may also name the gateway that is for what they have got in a way of their own
 */
export function setSessions(
  deps: Deps,
  context: Context,
  collectionId: string,
  wanted: readonly WantedSession[],
  by: "shopper" | "staff" = "shopper",
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const desk = sessionDesk(deps, context);
  const freshIds = wanted.map(() => deps.newId());
  return changeSessions(deps, context, collectionId, desk, async ({ collection, order, region }, now) => {
    const status = collectionStatus(collection, order);
    if (status !== "not_paid") return fail({ type: "payment_collection_begun", status });
    const pending = pendingForEdit(order, collection.editId);
    if (pending) return fail({ type: "payment_unresolved", paymentId: pending.id });
    const { amount: due, sessions: before } = collection;
    if (wanted.reduce((sum, { amount }) => sum + amount, 0) !== due) {
      return fail({ type: "payment_collection_sum", amount: due });
    }
    const isOffered = (provider: string): boolean =>
      region.paymentProviders.includes(provider) ||
      (by === "staff" && deps.gateways.get(provider)?.isForStaff === true);
    const unknown = wanted.find(({ provider }) => !isOffered(provider));
    if (unknown) return fail({ type: "payment_provider_not_in_region", provider: unknown.provider });
    const owner = ownerOf(collection, order);
    const sessions: PaymentSession[] = [];
    for (const [index, { provider, amount, sessionId }] of wanted.entries()) {
      const known = before.find((one) => one.id === sessionId && one.provider === provider);
      const session = known ?? newSession(freshIds[index] as string, provider, amount, now);
      const next =
        known?.isInitiated && known.amount !== amount
          ? await desk.update(known, owner, now, { amount })
          : session.isInitiated
            ? session
            : await desk.open({ ...session, amount }, owner, now);
      if (!next.isInitiated) return fail({ type: "payment_provider_failed", provider });
      sessions.push(next);
    }
    for (const gone of before.filter(({ id }) => !sessions.some((one) => one.id === id))) {
      desk.close(gone, owner);
    }
    return ok(sessions);
  });
}

/** Changes what staff write about a collection. */
export async function describeCollection(
  deps: Deps,
  context: Context,
  collectionId: string,
  description: string,
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const updatedAt = deps.now();
  const { records } = deps.storage;
  await records.change(context.store.storeId, "payment_collection", collectionId, (collection) => ({
    ...collection,
    description,
    updatedAt,
  }));
  return loadCollection(deps, context, collectionId);
}

/** Begins a session anew at its provider, under a new id. One that is paid, or being paid, stays. */
export async function refreshSession(
  deps: Deps,
  context: Context,
  input: { readonly collectionId: string; readonly sessionId: string },
): Promise<Result<CollectionOfOrder & { readonly session: PaymentSession }, EditProblem>> {
  const desk = sessionDesk(deps, context);
  const freshId = deps.newId();
  const changed = await changeSessions(
    deps,
    context,
    input.collectionId,
    desk,
    async ({ collection, order }, now) => {
      const session = collection.sessions.find(({ id }) => id === input.sessionId);
      if (!session) return fail({ type: "collection_session_not_found", sessionId: input.sessionId });
      const payment = paymentOfSession(order, session.id);
      if (payment && paymentFacts(payment).live) {
        return fail({ type: "payment_collection_begun", status: collectionStatus(collection, order) });
      }
      const owner = ownerOf(collection, order);
      desk.close(session, owner);
      const { provider, amount } = session;
      const next = await desk.open(newSession(freshId, provider, amount, now), owner, now);
      if (!next.isInitiated) return fail({ type: "payment_provider_failed", provider });
      return ok(collection.sessions.map((other) => (other === session ? next : other)));
    },
  );
  if (!changed.ok) return changed;
  const session = changed.value.collection.sessions.find(({ id }) => id === freshId);
  return session
    ? ok({ ...changed.value, session })
    : fail({ type: "collection_session_not_found", sessionId: freshId });
}

/** Notes that somebody has tried to authorize. */
export async function noteTry(
  { storage }: { readonly storage: Pick<Storage, "records"> },
  { store }: Context,
  collectionId: string,
  now: string,
): Promise<void> {
  await storage.records.change(store.storeId, "payment_collection", collectionId, (collection) =>
    collection.wasTried ? collection : { ...collection, wasTried: true, updatedAt: now },
  );
}

/** What providers are told that the sessions of a collection are for. */
export function ownerOf({ id, currency }: PaymentCollection, { buyer }: Order): SessionOwner {
  return { id, currency, region: { email: buyer.email } };
}

/** Asks providers first and saves then, if nobody else has changed the collection meanwhile; else all of it again. */
async function changeSessions(
  deps: Deps,
  context: Context,
  collectionId: string,
  desk: SessionDesk,
  change: (found: CollectionOfOrder, now: string) => Promise<Result<readonly PaymentSession[], EditProblem>>,
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const { storeId } = context.store;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    desk.dropped();
    const found = await loadCollection(deps, context, collectionId);
    if (!found.ok) return found;
    const before = JSON.stringify(found.value.collection);
    const now = deps.now();
    const sessions = await change(found.value, now);
    if (!sessions.ok) return sessions;
    let isSame = false;
    const saved = await deps.storage.records.change(
      storeId,
      "payment_collection",
      collectionId,
      (collection) => {
        isSame = JSON.stringify(collection) === before;
        return isSame ? { ...collection, sessions: sessions.value, updatedAt: now } : collection;
      },
    );
    if (saved.kind === "saved" && isSame) {
      await desk.saved();
      return ok({ ...found.value, collection: saved.record });
    }
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}
