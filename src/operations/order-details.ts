import type { GroupedVariant } from "../domain/catalog/family.ts";
import type { Order } from "../domain/order/order.ts";
import type { GiftCardTransaction, StoredGiftCard } from "../domain/region/gift-card.ts";
import type { ReturnReason } from "../domain/region/region.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { SalesSetup } from "./ports/records.ts";

/** What orders are shown with, as it is now. */
export type OrderDetails = {
  readonly setup: SalesSetup;
  /** What is sold and what groups it, by the id of the former. */
  readonly products: ReadonlyMap<string, GroupedVariant>;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly reasons: ReadonlyMap<string, ReturnReason>;
  /** By their codes. */
  readonly giftCards: ReadonlyMap<string, StoredGiftCard>;
  readonly giftCardTransactions: readonly GiftCardTransaction[];
};

/** Gathers what the orders are shown with: two statements for any number of orders, up to five with all there is. */
export async function orderDetails(
  { storage }: Deps,
  { store }: Context,
  orders: readonly Order[],
  { withCustomers = true }: { readonly withCustomers?: boolean } = {},
): Promise<OrderDetails> {
  const { storeId } = store;
  const distinct = (ids: readonly (string | undefined)[]): string[] => [
    ...new Set(ids.filter((id) => id !== undefined)),
  ];
  const productIds = distinct(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  const customerIds = withCustomers ? distinct(orders.map(buyerId)) : [];
  const reasonIds = distinct(
    orders.flatMap(({ returns = [] }) => returns.flatMap(({ items }) => items.map((item) => item.reasonId))),
  );
  const codes = distinct(orders.flatMap(({ region }) => region?.giftCards.map(({ code }) => code) ?? []));
  const paidByCards = codes.length === 0 ? [] : orders.map(({ id }) => id);
  const [setup, products, customers, reasons, giftCards, giftCardTransactions] = await Promise.all([
    storage.records.setup(storeId),
    productIds.length === 0 ? [] : storage.products.grouped(storeId, productIds),
    customerIds.length === 0 ? [] : storage.customers.loadMany(storeId, customerIds),
    storage.records.loadMany(storeId, "return_reason", reasonIds),
    storage.giftCards.entered(storeId, codes),
    paidByCards.length === 0 ? [] : storage.giftCards.transactions(storeId, paidByCards),
  ]);
  return {
    setup,
    products: new Map(products.map((one) => [one.variant.product.id, one])),
    customers: new Map(customers.map((customer) => [customer.id, customer])),
    reasons: new Map(reasons.map((reason) => [reason.id, reason])),
    giftCards: new Map(giftCards.map((card) => [card.code, card])),
    giftCardTransactions,
  };
}

/** Who bought: a customer, with or without an account; undefined where only a name and an e-mail address are known. */
export function buyerId({ region, buyer }: Order): string | undefined {
  return region?.customerId ?? buyer.id;
}
