import Type from "typebox";
import type { Order } from "../../domain/order/order.ts";
import { authorizedForEdit } from "../../domain/order/pay-edit.ts";
import {
  collectionStatus,
  type PaymentCollection,
  shownSession,
} from "../../domain/order/payment-collection.ts";
import type { CollectionOfOrder } from "../../operations/payment-collections.ts";
import { wireId } from "./ids.ts";
import { renderSession } from "./render-cart.ts";
import { plainRegionSchema, providerSchema, renderPlainRegion, renderProvider } from "./render-region.ts";
import { dateTime, metadata, nullable, textOrNull, timestamps } from "./schemas.ts";
import { wireActor } from "./wire-actor.ts";

const columns = {
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  type: Type.Literal("order_edit"),
  status: Type.Enum(["not_paid", "awaiting", "partially_authorized", "authorized", "canceled"]),
  description: textOrNull,
  amount: Type.Integer(),
  authorized_amount: nullable(Type.Integer()),
  region_id: Type.String(),
  currency_code: Type.String(),
  metadata: nullable(metadata),
  created_by: textOrNull,
};

/** A collection by itself, as an edit shows it. */
export const plainCollectionSchema = Type.Object(columns);

/** One session of a collection. */
export const collectionSessionSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  cart_id: Type.Null(),
  provider_id: Type.String(),
  is_selected: nullable(Type.Boolean()),
  is_initiated: Type.Boolean(),
  status: Type.Enum(["authorized", "pending", "requires_more", "error", "canceled"]),
  data: Type.Record(Type.String(), Type.Unknown()),
  idempotency_key: Type.Null(),
  amount: Type.Integer(),
  payment_authorized_at: nullable(dateTime),
});

const joined = { payment_sessions: Type.Array(collectionSessionSchema), region: plainRegionSchema };

/** A collection as shoppers look at it. */
export const shownCollectionSchema = Type.Object({
  id: columns.id,
  type: columns.type,
  status: columns.status,
  description: columns.description,
  amount: columns.amount,
  currency_code: columns.currency_code,
  metadata: columns.metadata,
  ...joined,
});

/** A collection with its sessions, and the ways to pay in its region. */
export const collectionSchema = Type.Object({
  ...columns,
  payment_sessions: joined.payment_sessions,
  region: Type.Object({
    ...plainRegionSchema.properties,
    payment_providers: Type.Optional(Type.Array(providerSchema)),
  }),
});

/** The columns of a collection. */
export function collectionColumns(collection: PaymentCollection, order: Order) {
  const authorized = authorizedForEdit(order, collection.editId);
  return {
    id: wireId("paycol", collection.id),
    created_at: collection.createdAt,
    updated_at: collection.updatedAt,
    deleted_at: null,
    type: "order_edit" as const,
    status: collectionStatus(collection, order),
    description: collection.description ?? null,
    amount: collection.amount,
    authorized_amount: collection.wasTried || authorized > 0 ? authorized : null,
    region_id: wireId("reg", collection.regionId),
    currency_code: collection.currency.toLowerCase(),
    metadata: null,
    created_by: wireActor(collection.createdBy),
  };
}

/** What whoever is to pay looks at. */
export function renderShownCollection(found: CollectionOfOrder) {
  const { id, type, status, description, amount, currency_code, metadata } = collectionColumns(
    found.collection,
    found.order,
  );
  return {
    ...{ id, type, status, description, amount, currency_code, metadata },
    payment_sessions: sessionsOf(found),
    region: renderPlainRegion(found.region),
  };
}

/** A collection that was changed. */
export function renderCollection(found: CollectionOfOrder) {
  return {
    ...collectionColumns(found.collection, found.order),
    payment_sessions: sessionsOf(found),
    region: {
      ...renderPlainRegion(found.region),
      payment_providers: found.region.paymentProviders.map(renderProvider),
    },
  };
}

function sessionsOf({ collection, order }: CollectionOfOrder) {
  return collection.sessions.map((session) => renderSession(null, shownSession(session, order)));
}
