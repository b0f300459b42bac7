import Type from "typebox";
import type { Condition } from "../../operations/listing.ts";
import type { ProductScope } from "../../operations/ports/products.ts";
import {
  addProductOption,
  deleteProductOption,
  renameProductOption,
} from "../../operations/product-options.ts";
import { createVariant, deleteVariant, updateVariant } from "../../operations/save-variant.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { productIdOf, productReply, showFamilies } from "./admin-products.ts";
import { notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, listParameters, readList } from "./list-parameters.ts";
import { type PriceParameters, type PricesOf, readPricePlace } from "./price-place.ts";
import { givenVariant, newVariantBody, variantBody } from "./product-body.ts";
import { adminProductSchema, staffErrors, variantAlone } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderVariantAlone } from "./render-product.ts";
import { bodyOf, one, text } from "./schemas.ts";

const tag = "Medusa admin: products";
const answer = one("product", adminProductSchema);
const path = "/admin/products/:productId";

const word = Type.Optional(Type.String({ maxLength: 255 }));
const words = Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 200 }));
const variantQuery = listParameters({
  id: words,
  q: word,
  title: words,
  sku: words,
  manage_inventory: Type.Optional(Type.Boolean()),
  allow_backorder: Type.Optional(Type.Boolean()),
  inventory_quantity: Type.Optional(Type.Integer()),
  cart_id: word,
  region_id: word,
  currency_code: word,
  customer_id: word,
});

type VariantParameters = ListParameters &
  PriceParameters & {
    readonly id?: readonly string[];
    readonly q?: string;
    readonly title?: readonly string[];
    readonly sku?: readonly string[];
    readonly manage_inventory?: boolean;
    readonly allow_backorder?: boolean;
    readonly inventory_quantity?: number;
  };

const variantPage = Type.Object({
  variants: Type.Array(variantAlone),
  count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
});

const goneFromProduct = (id: "variant_id" | "option_id") =>
  Type.Object({
    [id]: Type.String(),
    object: Type.String(),
    deleted: Type.Literal(true),
    product: adminProductSchema,
  });

export const adminVariantRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/variants",
    access: "shop",
    tag,
    summary: "List the variants of all products, newest first",
    query: Object.keys(variantQuery.properties),
    responses: { 200: variantPage, ...staffErrors },
    handle: (call) => listVariants(call, {}),
  }),
  route({
    method: "GET",
    path: "/admin/variants/:variantId",
    access: "shop",
    tag,
    summary: "Get a variant",
    responses: { 200: one("variant", variantAlone), ...staffErrors },
    async handle(call) {
      const { variantId = "" } = call.params;
      const [variant] = await variantsById(call, [engineId("variant", variantId)]);
      return variant
        ? { status: 200, body: { variant } }
        : notFound(`Variant with id: ${variantId} was not found`);
    },
  }),
  route({
    method: "GET",
    path: `${path}/variants`,
    access: "shop",
    tag,
    summary: "List the variants of a product",
    query: Object.keys(variantQuery.properties),
    responses: { 200: variantPage, ...staffErrors },
    handle: (call) => listVariants(call, { parentId: productIdOf(call) }),
  }),
  route({
    method: "POST",
    path: `${path}/variants`,
    access: "shop",
    tag,
    summary: "Add a variant to a product",
    body: newVariantBody,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { body } = call;
      const given = givenVariant(body);
      const created = await createVariant(call.deps, call.context, productIdOf(call), {
        ...given,
        details: { ...given.details, title: body.title },
      });
      return productReply(call, created);
    },
  }),
  route({
    method: "POST",
    path: `${path}/variants/:variantId`,
    access: "shop",
    tag,
    summary: "Change a variant, its prices, and how many pieces can be sold",
    body: variantBody,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context, body } = call;
      const id = variantIdOf(call);
      return productReply(
        call,
        await updateVariant(deps, context, productIdOf(call), id, givenVariant(body)),
      );
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/variants/:variantId`,
    access: "shop",
    tag,
    summary: "Take a variant from a product; orders must not hold pieces of it",
    responses: { 200: goneFromProduct("variant_id"), ...staffErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const left = await deleteVariant(deps, context, productIdOf(call), variantIdOf(call));
      if (!left.ok) return productReply(call, left);
      const [product] = await showFamilies(call, [left.value]);
      const { variantId } = params;
      return {
        status: 200,
        body: { variant_id: variantId, object: "product-variant", deleted: true, product },
      };
    },
  }),
  route({
    method: "POST",
    path: `${path}/options`,
    access: "shop",
    tag,
    summary: "Add an option to a product",
    body: bodyOf({ title: text(255) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context, body } = call;
      return productReply(call, await addProductOption(deps, context, productIdOf(call), body.title));
    },
  }),
  route({
    method: "POST",
    path: `${path}/options/:optionId`,
    access: "shop",
    tag,
    summary: "Rename an option",
    body: bodyOf({ title: text(255) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context, body } = call;
      const id = optionIdOf(call);
      return productReply(call, await renameProductOption(deps, context, productIdOf(call), id, body.title));
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/options/:optionId`,
    access: "shop",
    tag,
    summary: "Take an option from a product and its variants",
    responses: { 200: goneFromProduct("option_id"), ...staffErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const left = await deleteProductOption(deps, context, productIdOf(call), optionIdOf(call));
      if (!left.ok) return productReply(call, left);
      const [product] = await showFamilies(call, [left.value]);
      return {
        status: 200,
        body: { option_id: params.optionId, object: "option", deleted: true, product },
      };
    },
  }),
];

const variantIdOf = ({ params }: Pick<Call<unknown>, "params">): string =>
  engineId("variant", params.variantId ?? "");
const optionIdOf = ({ params }: Pick<Call<unknown>, "params">): string =>
  engineId("opt", params.optionId ?? "");

/** Variants by their ids, in this order, with the prices of a place or else all that they have; one statement. */
async function variantsById(
  { deps, context, baseUrl }: Call<unknown>,
  ids: readonly string[],
  pricesOf?: PricesOf,
) {
  const families = await deps.storage.products.families(context.store.storeId, ids);
  const shown = new Map(
    families.flatMap(({ group, variants }) =>
      variants.map(
        (variant) =>
          [
            variant.product.id,
            renderVariantAlone({ baseUrl }, group, variant, pricesOf?.(group, variant.product)),
          ] as const,
      ),
    ),
  );
  return ids.flatMap((id) => shown.get(id) ?? []);
}

async function listVariants(call: Call<unknown>, scope: Partial<ProductScope>): Promise<Reply> {
  const read = readQuery<VariantParameters>(call, variantQuery);
  if ("refusal" in read) return read.refusal;
  const { id, title, sku, q, manage_inventory: managed, allow_backorder: backorder } = read.query;
  const { inventory_quantity: pieces } = read.query;
  const among = (field: string, values: readonly string[] | undefined): Condition[] =>
    values && values.length > 0 ? [{ field, operator: "in", values }] : [];
  const equal = (field: string, value: boolean | number | undefined): Condition[] =>
    value === undefined ? [] : [{ field, operator: "eq", values: [String(value)] }];
  const list = readList(read.query, {
    sortable: ["created_at", "updated_at", "sku"],
    defaultLimit: 100,
    conditions: [
      ...equal("is_base", false),
      ...among(
        "id",
        id?.map((wire) => engineId("variant", wire)),
      ),
      ...among("title", title),
      ...among("sku", sku),
      ...equal("manage_stock", managed),
      ...equal("allow_backorder", backorder),
      ...equal("stock", pieces),
    ],
  });
  if ("refusal" in list) return list.refusal;
  const { products, records } = call.deps.storage;
  const setup = await records.setup(call.context.store.storeId);
  const { cart_id: cartId, region_id: regionId, currency_code: currency } = read.query;
  const isPriced = [cartId, regionId, currency].some((name) => name !== undefined);
  const place = isPriced ? await readPricePlace(call, setup, read.query) : { pricesOf: undefined };
  if ("refusal" in place) return place.refusal;
  const { rows, total } = await products.list(
    call.context.store.storeId,
    { liveOnly: false, children: true, ...scope, ...(q && { text: q }) },
    list.query,
  );
  const variants = await variantsById(
    call,
    rows.map(({ product }) => product.id),
    place.pricesOf,
  );
  const { offset, limit } = list.query;
  return { status: 200, body: { variants, count: total, offset, limit } };
}
