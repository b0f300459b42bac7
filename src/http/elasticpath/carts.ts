import Type from "typebox";
import type { Cart } from "../../domain/cart/cart.ts";
import { associateCart, disassociateCart } from "../../operations/associate-cart.ts";
import { formatFor } from "../../operations/context.ts";
import { type CartDetails, createCart, deleteCart, updateCart } from "../../operations/edit-cart.ts";
import { getCart } from "../../operations/get-cart.ts";
import { quoteCarts } from "../../operations/quote-cart.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { cartAnswer, cartBody, cart as cartSchema } from "./cart-schemas.ts";
import { customFieldsOf, invalidCustomFields } from "./custom-fields.ts";
import { badRequest, forbidden, problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { parseInclude } from "./list-query.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { cartReply, renderCart } from "./render-cart.ts";
import { discountsOfCart } from "./render-custom-discount.ts";
import { commonErrors, page } from "./schemas.ts";

type CartBody = { data: Type.Static<typeof cartBody>["data"] };

/** Carts can be listed by these. */
const listable = {
  id: { type: "text", operators: ["eq", "in"] },
  name: { type: "text", operators: ["eq", "like", "ilike"], sortable: true },
  account_ids: { type: "text", operators: ["eq", "in", "contains"] },
  customer_ids: { type: "text", operators: ["eq", "in", "contains"] },
  created_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  updated_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
} as const;

/** Looked at by the routes themselves, whose refusals the vendor documents to the letter. */
const associations = Type.Object({ data: Type.Unknown() });

export const cartRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/carts",
    access: "token",
    tag: "Carts",
    summary: "Create a cart",
    body: cartBody,
    responses: { 201: cartAnswer, ...commonErrors },
    async handle(call) {
      const invalid = invalidDetails(call, { creating: true });
      if (invalid) return invalid;
      const { id } = call.body.data;
      const created = await createCart(call.deps, call.context, {
        ...(id !== undefined && { cartId: id }),
        ...detailsOf(call),
      });
      return created.ok ? cartReply(call, created.value, 201) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path: "/v2/carts",
    access: "shopper",
    tag: "Carts",
    summary: "List the carts of a customer or account, or all of them",
    query: [...LIST_PARAMETERS, "include"],
    responses: {
      200: Type.Intersect([page(cartSchema), Type.Object({ included: Type.Optional(Type.Object({})) })]),
      ...commonErrors,
    },
    async handle(call) {
      const { actor, store } = call.context;
      const scope =
        actor.customerId !== undefined
          ? { customerId: actor.customerId }
          : actor.accountId !== undefined
            ? { accountId: actor.accountId }
            : { owned: !store.settings.cart.showAllCarts };
      const rules = {
        fields: listable,
        defaultLimit: store.settings.pageLength,
        defaultSort: { field: "updated_at", descending: true },
      };
      const { carts } = call.deps.storage;
      const now = call.deps.now();
      return listReply(
        call,
        rules,
        async (query) => {
          const { rows, total } = await carts.list(store.storeId, scope, query, now);
          return { rows: await quoteCarts(call.deps, call.context, rows, now), total };
        },
        (quotes) => ({
          data: quotes.map((quote) => renderCart(call, quote)),
          ...includedDiscounts(
            call,
            quotes.map(({ cart }) => cart),
          ),
        }),
      );
    },
  }),
  route({
    method: "GET",
    path: "/v2/carts/:cartId",
    access: "token",
    tag: "Carts",
    summary: "Get a cart; one that nobody has used yet is created",
    query: ["include"],
    responses: { 200: cartAnswer, ...commonErrors },
    async handle(call) {
      const found = await getCart(call.deps, call.context, call.params.cartId as string);
      if (!found.ok) return refused(found.error);
      return cartReply(call, found.value, 200, parseInclude(call.rawQuery));
    },
  }),
  route({
    method: "PUT",
    path: "/v2/carts/:cartId",
    access: "token",
    tag: "Carts",
    summary: "Update a cart",
    body: cartBody,
    responses: { 200: cartAnswer, ...commonErrors },
    async handle(call) {
      const invalid = invalidDetails(call, { creating: false });
      if (invalid) return invalid;
      const cartId = call.params.cartId as string;
      const updated = await updateCart(call.deps, call.context, { cartId, ...detailsOf(call) });
      return updated.ok ? cartReply(call, updated.value, 200) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId",
    access: "token",
    tag: "Carts",
    summary: "Delete a cart",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const deleted = await deleteCart(call.deps, call.context, call.params.cartId as string);
      return deleted.ok ? { status: 204 } : refused(deleted.error);
    },
  }),
  ...(["customer", "account"] as const).flatMap((kind) => associationRoutes(kind)),
];

/** `included` of a list of carts; of them, only their custom discounts are included. */
function includedDiscounts(call: Call, carts: readonly Cart[]) {
  if (!parseInclude(call.rawQuery).includes("custom_discounts")) return {};
  const custom_discounts = carts.flatMap((cart) =>
    cart.currency === undefined ? [] : discountsOfCart(cart, formatFor(call.context.store, cart.currency)),
  );
  return custom_discounts.length > 0 ? { included: { custom_discounts } } : {};
}

/** The routes that give a cart to customers or accounts, and take it from them. */
function associationRoutes(kind: "customer" | "account"): Route[] {
  const path = `/v2/carts/:cartId/relationships/${kind}s`;
  const ids = (call: Call<{ data?: unknown }>): string[] | Reply => {
    const { data } = call.body;
    if (!Array.isArray(data)) return forbidden("Invalid json payload");
    const owners: string[] = [];
    for (const entry of data) {
      if (entry?.type !== kind) {
        return badRequest(`The type does not exist or is not listed as ${kind}`);
      }
      if (typeof entry.id !== "string" || entry.id === "" || entry.id.length > 255) {
        return badRequest(`Every entry needs the id of a ${kind}`);
      }
      owners.push(entry.id);
    }
    if (owners.length === 0) return badRequest(`At least one ${kind} is needed`);
    return owners.length > 1 ? forbidden(`Cannot associate more than one ${kind}`) : owners;
  };
  return [
    route({
      method: "POST",
      path,
      access: "token",
      tag: "Carts",
      summary: `Give a cart to a ${kind}`,
      body: associations,
      responses: {
        200: Type.Object({ data: Type.Array(Type.Object({ type: Type.String(), id: Type.String() })) }),
        204: null,
        ...commonErrors,
      },
      async handle(call) {
        const owners = ids(call);
        if (!Array.isArray(owners)) return owners;
        const owner = { kind, id: owners[0] as string };
        const { storeId } = call.context.store;
        const known =
          kind === "customer"
            ? await call.deps.storage.customers.load(storeId, owner.id)
            : await call.deps.storage.accounts.load(storeId, owner.id);
        if (!known) return problem(404, "Not Found", `${kind} not found`, { meta: { id: owner.id } });
        const done = await associateCart(call.deps, call.context, {
          cartId: call.params.cartId as string,
          owner,
        });
        if (!done.ok) return refused(done.error);
        return done.value === "already"
          ? { status: 204 }
          : { status: 200, body: { data: [{ type: kind, id: owner.id }] } };
      },
    }),
    route({
      method: "DELETE",
      path,
      access: "token",
      tag: "Carts",
      summary: `Take a cart from a ${kind}`,
      body: associations,
      responses: { 204: null, ...commonErrors },
      async handle(call) {
        const owners = ids(call);
        if (!Array.isArray(owners)) return owners;
        const owner = { kind, id: owners[0] as string };
        const done = await disassociateCart(call.deps, call.context, {
          cartId: call.params.cartId as string,
          owner,
        });
        return done.ok ? { status: 204 } : refused(done.error);
      },
    }),
  ];
}

function detailsOf(call: Call<CartBody>): CartDetails {
  const { data } = call.body;
  const fields = customFieldsOf(call, "carts", data);
  return {
    ...(data.name !== undefined && { name: data.name }),
    ...(data.description !== undefined && { description: data.description }),
    ...(data.contact?.email !== undefined && { contactEmail: data.contact.email }),
    ...(data.custom_attributes && { customAttributes: data.custom_attributes }),
    ...(data.discount_settings && {
      discountSettings: {
        ...(data.discount_settings.custom_discounts_enabled !== undefined && {
          customDiscountsEnabled: data.discount_settings.custom_discounts_enabled,
        }),
        ...(data.discount_settings.use_rule_promotions !== undefined && {
          useRulePromotions: data.discount_settings.use_rule_promotions,
        }),
      },
    }),
    ...(data.inventory_settings?.defer_inventory_check !== undefined && {
      deferInventoryCheck: data.inventory_settings.defer_inventory_check,
    }),
    ...(data.item_settings?.separate_items_by_location !== undefined && {
      separateItemsByLocation: data.item_settings.separate_items_by_location,
    }),
    ...(data.snapshot_date !== undefined && { snapshotDate: data.snapshot_date }),
    ...(fields && { fields }),
  };
}

function invalidDetails(call: Call<CartBody>, options: { readonly creating: boolean }): Reply | undefined {
  const invalid = invalidCustomFields(call, "carts", call.body.data, options);
  if (invalid.length > 0) return invalidBody(invalid);
  const date = call.body.data.snapshot_date;
  if (date === undefined || Date.parse(date) >= Date.parse(call.deps.now())) return undefined;
  return problem(400, "Bad Request", "The snapshot date must not be in the past", {
    source: "data.snapshot_date",
  });
}
