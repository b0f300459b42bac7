import { profileIdOf } from "../domain/cart/region-goods.ts";
import {
  cancelFulfilment,
  cancelRefused,
  fulfilItems,
  fulfilmentMade,
  fulfilmentRefused,
  startCancel,
} from "../domain/order/fulfil-items.ts";
import type { Fulfilment, LinePieces } from "../domain/order/fulfilment.ts";
import type { Order } from "../domain/order/order.ts";
import type { RegionOrderShipping } from "../domain/order/region-part.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type {
  FulfilmentCall,
  FulfilmentProvider,
  FulfilmentRefusal,
} from "../fulfilment/fulfilment-provider.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import { withinDeadline } from "./deadline.ts";
import type { Deps } from "./deps.ts";
import { derivedId } from "./derived-id.ts";
import { moveStock, packItems, unpackItems } from "./fulfil-order.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { changeOrder } from "./save-order.ts";

/** Why pieces are not packed, or not unpacked. */
export type PackRefusal =
  | Refusal
  | SalesRefusalOf<
      "item_not_at_location" | "item_short_at_location" | "fulfilment_refused" | "provider_unknown"
    >;

export type PackOrder = {
  readonly items: readonly LinePieces[];
  readonly locationId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly noNotification?: boolean;
  /** The same on every try of one request. */
  readonly attemptId: string;
  /**
   * Whoever asks knows their request again by a key. Without one, the same pieces wanted again, while the provider has
   * not answered about them, are the same request.
   */
  readonly isKeyed: boolean;
};

/**
 * Packs pieces of an order, each by the shipping method that they were bought with, and has the methods' providers send
 * them. Claim, call, settle: the pieces are taken first; what the provider refuses gives them back; and when its answer
 * is lost they stay taken until it answers the same call (`fulfilment_unanswered`), which the same request makes again.
 */
export async function packOrder(
  deps: Deps,
  context: Context,
  order: Order,
  { items, attemptId, isKeyed, ...rest }: PackOrder,
): Promise<Result<Order, PackRefusal>> {
  const parts = (await partsOf(deps, context, order, merged(items))).map((part, index) => {
    const wanted = { ...rest, items: part.items, ...wayOf(part.method) };
    const again = isKeyed ? undefined : order.fulfilments?.find((known) => isSame(known, wanted));
    return { ...wanted, fulfilmentId: again?.id ?? derivedId(attemptId, index), method: part.method };
  });
  // Nobody is asked for one part when another cannot be packed at all.
  for (const part of parts) {
    const possible = fulfilItems(order, part, order.updatedAt);
    if (!possible.ok) return possible;
  }
  let packed: Result<Order, PackRefusal> = ok(order);
  for (const { method, ...part } of parts) {
    const provider = deps.fulfilmentProviders.get(part.providerId);
    if (!provider) return fail({ type: "provider_unknown", kind: "fulfilment", provider: part.providerId });
    packed = await packPart(deps, context, order, provider, part, method);
    if (!packed.ok) return packed;
  }
  return packed;
}

async function packPart(
  deps: Deps,
  context: Context,
  order: Order,
  provider: FulfilmentProvider,
  part: Parameters<typeof packItems>[3],
  method: RegionOrderShipping | undefined,
): Promise<Result<Order, PackRefusal>> {
  const isKnown = order.fulfilments?.some(({ id }) => id === part.fulfilmentId);
  if (!provider.local) {
    const claimed = await packItems(deps, context, order.id, { ...part, awaitsProvider: true });
    return claimed.ok ? answered(deps, context, provider, claimed.value, part.fulfilmentId) : claimed;
  }
  if (isKnown) return packItems(deps, context, order.id, part);
  const made = await provider.create(method?.data ?? {}, callOf(provider, order, part.fulfilmentId, part));
  return made.ok ? packItems(deps, context, order.id, { ...part, data: made.value }) : made;
}

/** Asks the provider to send what is claimed for it, unless it has answered already, and settles what it says. */
async function answered(
  deps: Deps,
  context: Context,
  provider: FulfilmentProvider,
  order: Order,
  fulfilmentId: string,
): Promise<Result<Order, PackRefusal>> {
  const claim = order.fulfilments?.find(({ id }) => id === fulfilmentId);
  if (claim?.awaits !== "create") return ok(order);
  const method = order.region?.shippingMethods.find(({ id }) => id === claim.methodId);
  const made = await asked(provider, order, claim, (call) => provider.create(method?.data ?? {}, call));
  if (made === "unknown") return fail({ type: "fulfilment_unanswered", fulfilmentId });
  if (made.ok) {
    return moveStock(deps, context, order.id, "fulfil", (current, now) =>
      ok(fulfilmentMade(current, fulfilmentId, made.value, now)),
    );
  }
  const undone = await moveStock(deps, context, order.id, "unfulfil", (current, now) =>
    ok(fulfilmentRefused(current, fulfilmentId, now)),
  );
  return undone.ok ? made : undone;
}

/**
 * Unpacks what was not sent yet, once its provider has called it off. One whose provider never answered is asked for
 * again first, so that what is called off is known.
 */
export async function unpackOrder(
  deps: Deps,
  context: Context,
  orderId: string,
  fulfilmentId: string,
): Promise<Result<Order, PackRefusal>> {
  const { storage, fulfilmentProviders } = deps;
  const loaded = await storage.orders.load(context.store.storeId, orderId);
  if (!loaded) return fail({ type: "order_not_found", orderId });
  const known = loaded.fulfilments?.find(({ id }) => id === fulfilmentId);
  const provider = known && fulfilmentProviders.get(known.providerId);
  // Nobody is left to be told.
  if (!provider) return unpackItems(deps, context, orderId, fulfilmentId);
  const possible = cancelFulfilment(loaded, fulfilmentId, deps.now());
  if (!possible.ok) return possible;
  if (possible.value.state === loaded) return ok(loaded);
  if (provider.local) {
    const off = await provider.cancel(known.data, callOf(provider, loaded, fulfilmentId, known));
    return off.ok ? unpackItems(deps, context, orderId, fulfilmentId) : off;
  }
  const made = await answered(deps, context, provider, loaded, fulfilmentId);
  // It does not send them anyway.
  if (!made.ok && made.error.type === "fulfilment_refused") return reload(deps, context, orderId);
  if (!made.ok) return made;
  const claimed = await changeOrder(
    deps,
    context,
    orderId,
    (order, now) => startCancel(order, fulfilmentId, now),
    { stock: "leave" },
  );
  if (!claimed.ok) return claimed;
  const claim = claimed.value.fulfilments?.find(({ id }) => id === fulfilmentId);
  if (claim?.awaits !== "cancel") return claimed;
  const off = await asked(provider, claimed.value, claim, (call) => provider.cancel(claim.data, call));
  if (off === "unknown") return fail({ type: "fulfilment_unanswered", fulfilmentId });
  if (off.ok) return unpackItems(deps, context, orderId, fulfilmentId);
  const stands = await changeOrder<never>(
    deps,
    context,
    orderId,
    (order, now) => ok(cancelRefused(order, fulfilmentId, now)),
    { stock: "leave" },
  );
  return stands.ok ? off : stands;
}

type Part = { readonly items: readonly LinePieces[]; readonly method: RegionOrderShipping | undefined };

/** What is sent by each shipping method: of several, each sends what is of its profile, and the first all else. */
async function partsOf(
  { storage }: Deps,
  { store }: Context,
  { region, lines }: Order,
  items: readonly LinePieces[],
): Promise<readonly Part[]> {
  const [first, ...others] = region?.shippingMethods ?? [];
  if (!first || others.length === 0) return [{ items, method: first }];
  const productIds = lines.flatMap(({ id, productId }) =>
    productId !== undefined && items.some(({ lineId }) => lineId === id) ? [productId] : [],
  );
  const [setup, families] = await Promise.all([
    storage.records.setup(store.storeId),
    storage.products.families(store.storeId, productIds),
  ]);
  const methodOf = ({ lineId }: LinePieces): RegionOrderShipping => {
    const productId = lines.find(({ id }) => id === lineId)?.productId;
    const family = families.find(({ variants }) => variants.some(({ product }) => product.id === productId));
    const profileId = profileIdOf(setup.shippingProfiles, family?.group);
    return others.find(({ option }) => option.profileId === profileId) ?? first;
  };
  return [first, ...others].flatMap((method) => {
    const own = items.filter((item) => methodOf(item) === method);
    return own.length > 0 ? [{ items: own, method }] : [];
  });
}

/** Each line once. */
function merged(items: readonly LinePieces[]): readonly LinePieces[] {
  const byLine = new Map<string, number>();
  for (const { lineId, quantity } of items) byLine.set(lineId, (byLine.get(lineId) ?? 0) + quantity);
  return [...byLine].map(([lineId, quantity]) => ({ lineId, quantity }));
}

function wayOf(
  method: RegionOrderShipping | undefined,
): Pick<Fulfilment, "providerId"> & { readonly methodId?: string } {
  return method ? { providerId: method.option.providerId, methodId: method.id } : { providerId: "manual" };
}

/** Whether the provider has not answered yet about sending just these pieces. */
function isSame(
  known: Fulfilment,
  wanted: Pick<Fulfilment, "items" | "providerId" | "methodId" | "locationId">,
): boolean {
  return (
    known.awaits === "create" &&
    known.providerId === wanted.providerId &&
    known.methodId === wanted.methodId &&
    known.locationId === wanted.locationId &&
    known.items.length === wanted.items.length &&
    known.items.every(({ lineId, quantity }) =>
      wanted.items.some((item) => item.lineId === lineId && item.quantity === quantity),
    )
  );
}

/** For a provider that calls nobody. */
const noDeadline = new AbortController().signal;

function callOf(
  provider: FulfilmentProvider,
  order: Order,
  key: string,
  { items }: { readonly items: readonly LinePieces[] },
): FulfilmentCall {
  const deadlineMs = Math.min(provider.deadlineMs, MAX_DEADLINE_MS);
  return { key, order, items, signal: provider.local ? noDeadline : AbortSignal.timeout(deadlineMs) };
}

/** The definite answer; whatever goes wrong on the way, or takes longer than the deadline, is none. */
async function asked<Value>(
  provider: FulfilmentProvider,
  order: Order,
  fulfilment: Fulfilment,
  ask: (call: FulfilmentCall) => Promise<Result<Value, FulfilmentRefusal>>,
): Promise<Result<Value, FulfilmentRefusal> | "unknown"> {
  const call = callOf(provider, order, fulfilment.id, fulfilment);
  try {
    return await withinDeadline(call.signal, () => ask(call));
  } catch {
    return "unknown";
  }
}

async function reload(
  { storage }: Deps,
  { store }: Context,
  orderId: string,
): Promise<Result<Order, Refusal>> {
  const order = await storage.orders.load(store.storeId, orderId);
  return order ? ok(order) : fail({ type: "order_not_found", orderId });
}
