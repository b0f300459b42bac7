import type { Order } from "../domain/order/order.ts";
import { editStatus } from "../domain/order/order-edit.ts";
import type { Payment, PaymentOperation } from "../domain/order/payment.ts";
import { orderFacts } from "../domain/order/status.ts";
import { allPieces, type MailAbout } from "../mail/compose-mail.ts";
import { orderNumberOf } from "../mail/order-details.ts";
import type { Deps } from "./deps.ts";
import { TOKEN_LIFETIME_MS } from "./mails-of-event.ts";
import type { ClaimedMail } from "./ports/mails.ts";

/** What a mail is about, as things are now, or why it is not sent after all. */
export type AboutOrDropped = MailAbout | { readonly dropped: string };

const MINUTES = TOKEN_LIFETIME_MS / 60_000;

/** Looks up what a mail is about. A later failure never takes an earlier success back: what is not so any more is not told. */
export async function mailAbout(deps: Deps, storeId: string, mail: ClaimedMail): Promise<AboutOrDropped> {
  const { kind, payload } = mail;
  if (kind === "staff_order_placed") return aboutNewOrder(deps, storeId, mail);
  if (payload.no_notification === true) return dropped("nobody is to be told");
  switch (kind) {
    case "password_reset":
    case "staff_password_reset":
    case "orders_claim":
      return aboutToken(deps, storeId, { ...mail, kind });
    case "customer_welcome": {
      const customer = await deps.storage.customers.load(storeId, mail.subjectId);
      // Who was entered by the shop cannot sign in yet.
      if (!customer?.passwordHash || customer.guest) return dropped("there is no account");
      const { email, name, firstName } = customer;
      return { kind, email, name, ...(firstName !== undefined && { firstName }) };
    }
    default:
      return aboutOrder(deps, storeId, { ...mail, kind });
  }
}

const dropped = (reason: string): AboutOrDropped => ({ dropped: reason });

type TokenKind = "password_reset" | "staff_password_reset" | "orders_claim";

async function aboutToken(
  deps: Deps,
  storeId: string,
  { kind, payload, subjectId }: ClaimedMail & { readonly kind: TokenKind },
): Promise<AboutOrDropped> {
  if (typeof payload.token !== "string") return dropped("its token is gone");
  const token = { token: payload.token, minutes: MINUTES };
  if (kind === "orders_claim") {
    const orders = await deps.storage.orders.loadMany(storeId, payload.orders as readonly string[]);
    return { kind, email: String(payload.old_email), orders: orders.map(orderNumberOf), ...token };
  }
  const email = String(payload.email);
  if (kind === "password_reset") {
    const customer = await deps.storage.customers.load(storeId, subjectId);
    const { name, firstName } = customer ?? {};
    return { kind, email, ...(name && { name }), ...(firstName && { firstName }), ...token };
  }
  const user = await deps.storage.records.load(storeId, "staff_user", subjectId);
  const name = [user?.firstName, user?.lastName].filter(Boolean).join(" ");
  return {
    kind,
    email,
    ...(name && { name }),
    ...(user?.firstName && { firstName: user.firstName }),
    ...token,
  };
}

type OrderKind = Exclude<ClaimedMail["kind"], TokenKind | "customer_welcome" | "staff_order_placed">;
type OrderMail = ClaimedMail & { readonly kind: OrderKind };

async function aboutOrder(deps: Deps, storeId: string, mail: OrderMail): Promise<AboutOrDropped> {
  const { kind, payload } = mail;
  const orderId = kind === "order_edit_requested" ? String(payload.orderId) : mail.subjectId;
  const order = await deps.storage.orders.load(storeId, orderId);
  if (!order || order.anonymized) return dropped("there is no such order any more");
  const isSilent = partSilence(mail, order) ?? (await orderSilence(deps, storeId, order));
  if (isSilent) return dropped("nobody is to be told");
  switch (kind) {
    case "order_placed":
      return placed(deps, storeId, mail, order);
    case "payment_received":
    case "order_refunded": {
      const operation = operationOf(order, payload);
      if (operation?.status !== "complete") return dropped("the money did not move after all");
      return { kind, order, amount: operation.amount };
    }
    case "payment_failed": {
      const operation = operationOf(order, payload);
      if (operation?.status !== "failed" || orderFacts(order).anyLive) return dropped("it is paid for");
      if (order.cancelledAt || (order.region && order.displayId === undefined)) {
        return dropped("it is no order any more, or none yet");
      }
      const reason = operation.failure?.message;
      return { kind, order, amount: operation.amount, ...(reason !== undefined && { reason }) };
    }
    case "order_edit_requested":
      return requestedEdit(deps, storeId, mail, order);
    case "order_shipped":
      return shipped(mail, order);
    case "order_cancelled":
      if (order.cancelledAt === undefined) return dropped("it is not cancelled");
      return wasPromised(order) ? { kind, order } : dropped("it was never confirmed");
    case "return_requested":
    case "return_received": {
      const goods = order.returns?.find(({ id }) => id === mail.about);
      if (!goods || goods.status === "canceled") return dropped("the return was cancelled");
      return { kind, order, goods };
    }
    case "gift_card": {
      const { rows } = await deps.storage.giftCards.list(storeId, {
        filter: [[{ field: "order_id", operator: "eq", values: [order.id] }]],
        sort: undefined,
        limit: 100,
        offset: 0,
      });
      return rows.length === 0 ? dropped("there is no gift card") : { kind, order, cards: rows };
    }
  }
}

/** An order is confirmed by the first of what says that there is money for it, however much more does later. */
async function placed(deps: Deps, storeId: string, mail: ClaimedMail, order: Order): Promise<AboutOrDropped> {
  if (order.cancelledAt) return dropped("it is cancelled");
  const { anyAuthorized, anyCaptured } = orderFacts(order);
  if (!anyAuthorized && !anyCaptured) return dropped("it is not paid for any more");
  const events = await deps.storage.orders.events(storeId, order.id);
  const first = events.find(({ type }) => type === "order.authorized" || type === "order.paid");
  if (first && first.at < mail.createdAt) return dropped("it was confirmed long ago");
  return { kind: "order_placed", order };
}

/** The staff are told whatever is said of telling the shopper. */
async function aboutNewOrder(deps: Deps, storeId: string, mail: ClaimedMail): Promise<AboutOrDropped> {
  const order = await deps.storage.orders.load(storeId, mail.subjectId);
  if (!order || order.anonymized) return dropped("there is no such order any more");
  const said = await placed(deps, storeId, mail, order);
  return "dropped" in said ? said : { kind: "staff_order_placed", order, to: String(mail.payload.to) };
}

/** An edit that waits for its customer still. */
async function requestedEdit(
  deps: Deps,
  storeId: string,
  { subjectId }: OrderMail,
  order: Order,
): Promise<AboutOrDropped> {
  const edit = await deps.storage.records.load(storeId, "order_edit", subjectId);
  if (!edit || editStatus(edit) !== "requested") return dropped("the edit does not wait any more");
  const { collectionId } = edit;
  const collection =
    collectionId === undefined
      ? undefined
      : await deps.storage.records.load(storeId, "payment_collection", collectionId);
  const editId = deps.mail.editId(subjectId);
  return {
    kind: "order_edit_requested",
    order,
    editId,
    ...(collection && { amount: collection.amount }),
  };
}

function shipped({ about, subjectId }: OrderMail, order: Order): AboutOrDropped {
  const fulfilments = order.fulfilments?.filter(({ cancelledAt }) => cancelledAt === undefined) ?? [];
  if (about === subjectId) {
    // Parcels are told of one by one.
    if (fulfilments.length > 0) return dropped("its parcels are told of");
    const tracking = order.shippingGroups?.flatMap(({ trackingReference }) => trackingReference ?? []) ?? [];
    return { kind: "order_shipped", order, pieces: allPieces(order), tracking };
  }
  const fulfilment = fulfilments.find(({ id }) => id === about);
  if (!fulfilment) return dropped("the parcel was cancelled");
  const { items, trackingNumbers } = fulfilment;
  return { kind: "order_shipped", order, pieces: items, tracking: trackingNumbers };
}

function operationOf(order: Order, payload: ClaimedMail["payload"]): PaymentOperation | undefined {
  const operations = (payment: Payment): readonly PaymentOperation[] => payment.operations;
  return order.payments.flatMap(operations).find(({ id }) => id === payload.operationId);
}

/** Money was there or promised at some time. */
function wasPromised(order: Order): boolean {
  return order.payments.some(({ operations }) =>
    operations.some(
      ({ type, status }) => status === "complete" && (type === "authorize" || type === "purchase"),
    ),
  );
}

/** Whether somebody said of the part that a mail is about that nobody is, or somebody is, to be told. */
function partSilence({ about, payload }: OrderMail, order: Order): boolean | undefined {
  const parts = [...(order.fulfilments ?? []), ...(order.returns ?? [])];
  return (parts.find(({ id }) => id === about) ?? operationOf(order, payload))?.noNotification;
}

/** The same of the order, or of the draft that it was made of. */
async function orderSilence(
  deps: Deps,
  storeId: string,
  { noNotification, region }: Order,
): Promise<boolean> {
  if (noNotification !== undefined) return noNotification;
  if (region?.draftOrderId === undefined) return false;
  const draft = await deps.storage.records.load(storeId, "draft_order", region.draftOrderId);
  return draft?.noNotification === true;
}
