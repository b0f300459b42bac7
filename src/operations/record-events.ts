import { changedMembers } from "../domain/changed-members.ts";
import type { EventAbout } from "../domain/decision.ts";
import type { InventoryNote } from "../domain/inventory/stock-location.ts";
import { editStatus, type OrderEdit } from "../domain/order/order-edit.ts";
import type { PublishableKey } from "../domain/region/region.ts";
import { inventoryEvent } from "./inventory-events.ts";
import type { RecordKind, RecordKinds } from "./ports/records.ts";

/** The first half of the names of events, of the kinds that are told of. */
const families = {
  region: "region",
  sales_channel: "sales_channel",
  publishable_key: "publishable_api_key",
  product_collection: "product-collection",
  product_category: "product-category",
  order_edit: "order-edit",
  payment_collection: "payment-collection",
  reservation: "reservation-item",
  stock_location: "stock-location",
  staff_user: "user",
  draft_order: "draft_order",
} as const satisfies Partial<Record<RecordKind, string>>;

type ToldKind = keyof typeof families;

const when = ["createdAt", "updatedAt"];
/** What does not count: sessions are steps of a payment, which has events of its own. */
const notTold: Partial<Record<RecordKind, readonly string[]>> = {
  payment_collection: ["sessions", "wasTried"],
};

/** What is told when a record has come into being. */
export function recordCreated<Kind extends RecordKind>(
  kind: Kind,
  record: RecordKinds[Kind],
): readonly EventAbout[] {
  if (kind === "inventory_note") return notedInventory(undefined, record as InventoryNote);
  if (kind === "order_edit") return [editEvent(record as OrderEdit, editStatus(record as OrderEdit))];
  return isTold(kind) ? [{ type: `${families[kind]}.created`, ...about(record.id) }] : [];
}

/** What is told when a record is another than before; nothing when only the time of its change is. */
export function recordUpdated<Kind extends RecordKind>(
  kind: Kind,
  before: RecordKinds[Kind],
  after: RecordKinds[Kind],
): readonly EventAbout[] {
  if (kind === "inventory_note") return notedInventory(before as InventoryNote, after as InventoryNote);
  if (!isTold(kind)) return [];
  const fields = changedMembers(before, after, [...when, ...(notTold[kind] ?? [])]);
  if (fields.length === 0) return [];
  if (kind === "order_edit") return editEvents(before as OrderEdit, after as OrderEdit, fields);
  if (kind === "publishable_key" && isRevoked(before as PublishableKey, after as PublishableKey)) {
    return [{ type: "publishable_api_key.revoked", ...about(after.id) }];
  }
  return [{ type: `${families[kind]}.updated`, ...about(after.id, { fields }) }];
}

/** What is told when a record is gone. */
export function recordDeleted(kind: RecordKind, id: string): readonly EventAbout[] {
  return isTold(kind) ? [{ type: `${families[kind]}.deleted`, ...about(id) }] : [];
}

function isTold(kind: RecordKind): kind is ToldKind {
  return kind in families;
}

function about(
  id: string,
  facts?: Readonly<Record<string, unknown>>,
): Pick<EventAbout, "subjectId" | "payload"> {
  return { subjectId: id, payload: { id, ...facts } };
}

function isRevoked(before: PublishableKey, after: PublishableKey): boolean {
  return before.revokedAt === undefined && after.revokedAt !== undefined;
}

function editEvent({ id, orderId }: OrderEdit, what: string, facts?: object): EventAbout {
  return { type: `order-edit.${what}`, ...about(id, { orderId, ...facts }) };
}

/** A step in its life, or the changes that it has gained and lost, or else that something of it is another. */
function editEvents(before: OrderEdit, after: OrderEdit, fields: readonly string[]): readonly EventAbout[] {
  const status = editStatus(after);
  if (status !== editStatus(before)) return [editEvent(after, status)];
  const missing = (these: OrderEdit, others: OrderEdit) =>
    these.changes.filter(({ id }) => !others.changes.some((other) => other.id === id));
  const { id: editId, orderId } = after;
  const added = missing(after, before).map(({ id, type }) => ({
    type: "order-edit-item-change.CREATED",
    ...about(id, { editId, orderId, type }),
  }));
  const undone = missing(before, after).map(({ id, type }) => ({
    type: "order-edit-item-change.DELETED",
    ...about(id, { editId, orderId, type }),
  }));
  const changes = [...added, ...undone];
  return changes.length > 0 ? changes : [editEvent(after, "updated", { fields })];
}

/** Pieces on their way belong to a level; everything else that is noted to the counted thing itself. */
function notedInventory(before: InventoryNote | undefined, after: InventoryNote): readonly EventAbout[] {
  const { incoming: was = {}, ...notesBefore } = before ?? { id: after.id };
  const { incoming, ...notes } = after;
  const productId = after.id;
  const fields = changedMembers(notesBefore, notes, when);
  const places = changedMembers(was, incoming);
  return [
    ...(fields.length > 0 ? [inventoryEvent("inventory-item.updated", productId, { fields })] : []),
    ...places.map((locationId) =>
      inventoryEvent("inventory-level.updated", productId, { locationId, fields: ["incoming"] }),
    ),
  ];
}
