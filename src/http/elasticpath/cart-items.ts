import Type, { type Static, type TSchema } from "typebox";
import type { CartTax } from "../../domain/cart/cart.ts";
import { type AddedToCart, addToCart, type WantedItem } from "../../operations/add-to-cart.ts";
import { enterCode, removeCode } from "../../operations/cart-codes.ts";
import { defaultCurrency } from "../../operations/context.ts";
import { getCart } from "../../operations/get-cart.ts";
import { mergeCarts, reorder } from "../../operations/merge-carts.ts";
import { emptyCart, removeFromCart, updateCartItems } from "../../operations/update-cart-items.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { type InvalidMember, validatorOf } from "../validation.ts";
import {
  type cartItemBody,
  type customItemBody,
  itemBodies,
  itemChangeBody,
  itemsAnswer,
} from "./cart-schemas.ts";
import { newTax, taxProblem } from "./cart-taxes.ts";
import { customFieldsOf, invalidCustomFields } from "./custom-fields.ts";
import { forbidden, problem, refused, type WireError, wireErrorOf } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { parseInclude } from "./list-query.ts";
import { itemsReply } from "./render-cart.ts";
import { commonErrors } from "./schemas.ts";

/** Entries of one bulk request. */
const MAX_BULK = 200;

const validators = Object.fromEntries(
  Object.entries(itemBodies).map(([type, schema]) => [type, validatorOf(schema)]),
) as Record<keyof typeof itemBodies, ReturnType<typeof validatorOf>>;
const validateChange = validatorOf(itemChangeBody);

const options = Type.Optional(
  Type.Object({
    add_all_or_nothing: Type.Optional(Type.Boolean()),
    update_all_or_nothing: Type.Optional(Type.Boolean()),
  }),
);

const anyItem = Type.Union(Object.values(itemBodies) as TSchema[]);
const shownItems = Type.Object({ data: Type.Union([anyItem, Type.Array(anyItem)]), options });
const shownChanges = Type.Object({ data: Type.Array(itemChangeBody), options });

/** The body as far as it is checked before its entries are looked at by their type. */
const loose = Type.Object({ data: Type.Unknown(), options });

export const cartItemRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/carts/:cartId/items",
    access: "token",
    tag: "Cart items",
    summary: "List the items of a cart",
    query: ["include"],
    responses: { 200: itemsAnswer, ...commonErrors },
    async handle(call) {
      const found = await getCart(call.deps, call.context, call.params.cartId as string);
      if (!found.ok) return refused(found.error);
      return itemsReply(call, found.value, 200, { include: parseInclude(call.rawQuery) });
    },
  }),
  route({
    method: "POST",
    path: "/v2/carts/:cartId/items",
    access: "token",
    tag: "Cart items",
    summary:
      "Add products, custom items, a promotion, another cart's or an old order's items; one or several",
    body: loose,
    shownBody: shownItems,
    responses: { 201: itemsAnswer, ...commonErrors },
    handle: addItems,
  }),
  route({
    method: "PUT",
    path: "/v2/carts/:cartId/items",
    access: "token",
    tag: "Cart items",
    summary: "Update several items",
    body: loose,
    shownBody: shownChanges,
    responses: { 200: itemsAnswer, ...commonErrors },
    handle: updateItems,
  }),
  route({
    method: "PUT",
    path: "/v2/carts/:cartId/items/:itemId",
    access: "token",
    tag: "Cart items",
    summary: "Update an item; a quantity of 0 removes it",
    body: Type.Object({ data: itemChangeBody }),
    responses: { 200: itemsAnswer, ...commonErrors },
    async handle(call) {
      const { cartId, itemId } = call.params as { cartId: string; itemId: string };
      const invalid = invalidCustomFields(call, "cart_items", call.body.data, { creating: false });
      if (invalid.length > 0) return invalidBody(invalid);
      const change = changeOf(call, itemId, call.body.data);
      const updated = await updateCartItems(call.deps, call.context, {
        cartId,
        changes: [change],
        allOrNothing: true,
      });
      return updated.ok ? itemsReply(call, updated.value.quote, 200) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId/items/:itemId",
    access: "token",
    tag: "Cart items",
    summary: "Remove an item",
    responses: { 200: itemsAnswer, ...commonErrors },
    async handle(call) {
      const { cartId, itemId } = call.params as { cartId: string; itemId: string };
      const removed = await removeFromCart(call.deps, call.context, { cartId, itemId });
      return removed.ok ? itemsReply(call, removed.value, 200) : refused(removed.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId/items",
    access: "token",
    tag: "Cart items",
    summary: "Remove all items",
    responses: { 200: itemsAnswer, ...commonErrors },
    async handle(call) {
      const emptied = await emptyCart(call.deps, call.context, call.params.cartId as string);
      return emptied.ok ? itemsReply(call, emptied.value, 200) : refused(emptied.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId/discounts/:code",
    access: "token",
    tag: "Cart items",
    summary: "Remove a promotion by its code",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { cartId, code } = call.params as { cartId: string; code: string };
      const removed = await removeCode(call.deps, call.context, { cartId, code });
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
];

type Loose = Static<typeof loose>;
type Entry = { type?: unknown; [member: string]: unknown };

async function addItems(call: Call<Loose>): Promise<Reply> {
  const bulk = Array.isArray(call.body.data);
  const entries = (bulk ? call.body.data : [call.body.data]) as Entry[];
  const invalid = checkEntries(entries, bulk, (entry, path) => checkEntry(call, entry, path));
  if (invalid) return invalid;
  if (entries.some((entry) => entry.tax !== undefined) && call.context.actor.kind !== "shop") {
    return forbidden("Taxes need an access token that was got with client credentials");
  }

  const cartId = call.params.cartId as string;
  const allOrNothing = call.body.options?.add_all_or_nothing ?? false;
  const special = entries.find((entry) => entry.type !== "cart_item" && entry.type !== "custom_item");
  if (special && entries.length > 1) {
    return problem(422, "Unprocessable Entity", `An entry of type ${special.type} must be sent by itself`);
  }
  const where = {
    cartId,
    defaultCurrency: defaultCurrency(call.context.store).code,
    allOrNothing,
  };
  if (special?.type === "promotion_item") {
    const entered = await enterCode(call.deps, call.context, { cartId, code: String(special.code) });
    return entered.ok ? itemsReply(call, entered.value, 201) : refused(entered.error);
  }
  if (special?.type === "cart_items") {
    const fromCartId = String(special.cart_id);
    return added(call, await mergeCarts(call.deps, call.context, { ...where, fromCartId }));
  }
  if (special?.type === "order_items") {
    const orderId = String(special.order_id);
    return added(call, await reorder(call.deps, call.context, { ...where, orderId }));
  }
  const items = entries.map((entry) => wantedItem(call, entry));
  const currency = call.header("x-moltin-currency");
  return added(call, await addToCart(call.deps, call.context, { items, currency, ...where }));
}

function added(call: Call, result: Awaited<ReturnType<typeof addToCart>>): Reply {
  if (!result.ok) return refused(result.error);
  return itemsReply(call, result.value.quote, 201, { errors: refusalsOf(result.value) });
}

function refusalsOf({ refusals }: AddedToCart): WireError[] {
  return refusals.map(({ refusal }) => wireErrorOf(refusal));
}

/** There is no promotion yet that a code could belong to. */
function wantedItem(call: Call, entry: Entry): WantedItem {
  if (entry.type === "cart_item") {
    const item = entry as Static<typeof cartItemBody>;
    const fields = customFieldsOf(call, "cart_items", entry);
    return {
      kind: "product",
      ...(item.id !== undefined ? { id: item.id } : { sku: item.sku ?? "" }),
      quantity: item.quantity,
      ...(item.custom_inputs && { customInputs: item.custom_inputs }),
      ...(item.location !== undefined && { location: item.location }),
      ...(item.shipping_group_id !== undefined && { shippingGroupId: item.shipping_group_id }),
      ...(item.tax && { taxes: item.tax.map((tax): CartTax => newTax(call, tax)) }),
      ...(fields && { fields }),
    };
  }
  const item = entry as Static<typeof customItemBody>;
  const fields = customFieldsOf(call, "cart_items", entry);
  return {
    kind: "custom",
    name: item.name,
    sku: item.sku ?? "",
    description: item.description ?? "",
    quantity: item.quantity,
    unitAmount: item.price.amount,
    includesTax: item.price.includes_tax ?? true,
    ...(item.custom_inputs && { customInputs: item.custom_inputs }),
    ...(item.shipping_group_id !== undefined && { shippingGroupId: item.shipping_group_id }),
    ...(item.tax && { taxes: item.tax.map((tax): CartTax => newTax(call, tax)) }),
    ...(fields && { fields }),
  };
}

function checkEntry(call: Call, entry: Entry, path: string): InvalidMember[] {
  if (entry.type === "subscription_item") return [];
  if (typeof entry.type !== "string" || !Object.hasOwn(itemBodies, entry.type)) {
    return [{ path: `${path}.type`, keyword: "enum", expected: Object.keys(itemBodies), value: entry.type }];
  }
  const invalid = validators[entry.type as keyof typeof itemBodies](entry, path);
  if (invalid.length > 0) return invalid;
  if (entry.type === "cart_item" && (entry.id === undefined) === (entry.sku === undefined)) {
    return [{ path: `${path}.id`, keyword: "required", expected: "id", value: undefined }];
  }
  const taxes = Array.isArray(entry.tax) ? entry.tax : [];
  const isLine = entry.type === "cart_item" || entry.type === "custom_item";
  return [
    ...taxes.flatMap((tax, index) => taxProblem(tax, `${path}.tax.${index}`)),
    ...(isLine ? invalidCustomFields(call, "cart_items", entry, { creating: true, path }) : []),
  ];
}

function checkEntries(
  entries: readonly Entry[],
  bulk: boolean,
  check: (entry: Entry, path: string) => InvalidMember[],
): Reply | undefined {
  if (bulk && entries.length === 0) {
    return invalidBody([{ path: "data", keyword: "minItems", expected: 1, value: [] }]);
  }
  if (entries.length > MAX_BULK) {
    return invalidBody([{ path: "data", keyword: "maxItems", expected: MAX_BULK, value: undefined }]);
  }
  const invalid = entries.flatMap((entry, index) => {
    const path = bulk ? `data.${index}` : "data";
    const isObject = entry !== null && typeof entry === "object" && !Array.isArray(entry);
    return isObject ? check(entry, path) : [{ path, keyword: "type", expected: "object", value: entry }];
  });
  if (invalid.length > 0) return invalidBody(invalid);
  if (entries.some((entry) => entry.type === "subscription_item")) {
    return problem(422, "Unprocessable Entity", "Subscriptions are not offered by this store");
  }
  return undefined;
}

async function updateItems(call: Call<Loose>): Promise<Reply> {
  const { data } = call.body;
  if (!Array.isArray(data)) {
    return invalidBody([{ path: "data", keyword: "type", expected: "array", value: data }]);
  }
  const invalid = checkEntries(data, true, (entry, path) => [
    ...validateChange(entry, path),
    ...invalidCustomFields(call, "cart_items", entry, { creating: false, path }),
  ]);
  if (invalid) return invalid;
  const set = call.body.options;
  const allOrNothing = set?.update_all_or_nothing ?? set?.add_all_or_nothing ?? true;
  // Some clients drop the id of entries that are no products; such an entry names nothing that could be found.
  const changes = data.map((entry: Static<typeof itemChangeBody>) => changeOf(call, entry.id ?? "", entry));
  const updated = await updateCartItems(call.deps, call.context, {
    cartId: call.params.cartId as string,
    changes,
    allOrNothing,
  });
  if (!updated.ok) return refused(updated.error);
  const errors = updated.value.refusals.map(({ refusal }) => wireErrorOf(refusal));
  return itemsReply(call, updated.value.quote, 200, { errors });
}

function changeOf(call: Call, itemId: string, body: Static<typeof itemChangeBody>) {
  const fields = customFieldsOf(call, "cart_items", body);
  return {
    itemId,
    ...(body.quantity !== undefined && { quantity: body.quantity }),
    ...(body.custom_inputs && { customInputs: body.custom_inputs }),
    ...(body.location !== undefined && { location: body.location }),
    ...(body.shipping_group_id !== undefined && { shippingGroupId: body.shipping_group_id || null }),
    ...(body.name !== undefined && { name: body.name }),
    ...(body.sku !== undefined && { sku: body.sku }),
    ...(body.description !== undefined && { description: body.description }),
    ...(body.price?.amount !== undefined && { unitAmount: body.price.amount }),
    ...(body.price?.includes_tax !== undefined && { includesTax: body.price.includes_tax }),
    ...(fields && { fields }),
  };
}
