import Type from "typebox";
import type { ProductFamily } from "../../domain/catalog/family.ts";
import type { Result } from "../../domain/result.ts";
import { allOrNothing } from "../../operations/all-or-nothing.ts";
import {
  createFamily,
  deleteFamily,
  type FamilyRefusal,
  loadFamily,
  updateFamily,
} from "../../operations/save-family.ts";
import { replaceVariants } from "../../operations/save-variant.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import {
  givenPrice,
  givenVariant,
  groupDetails,
  groupsOf,
  newProductBody,
  productBody,
  variantDetails,
} from "./product-body.ts";
import { adminProductQuery, type ProductParameters, readProductList } from "./product-query.ts";
import { adminProductSchema, staffErrors } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderAdminProduct } from "./render-product.ts";
import { bodyOf, deleted, listOf, one, text } from "./schemas.ts";
import { namedBy } from "./store-products.ts";

const tag = "Medusa admin: products";
const answer = one("product", adminProductSchema);
const path = "/admin/products/:productId";

export const adminProductRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/products",
    access: "shop",
    tag,
    summary: "List the products, newest first",
    query: Object.keys(adminProductQuery.properties),
    responses: { 200: listOf("products", adminProductSchema), ...staffErrors },
    async handle(call) {
      const read = readQuery<ProductParameters>(call, adminProductQuery);
      if ("refusal" in read) return read.refusal;
      const list = await readProductList(call, read.query, { liveOnly: false, defaultLimit: 50 });
      if ("refusal" in list) return list.refusal;
      const { products } = call.deps.storage;
      const { storeId } = call.context.store;
      const { rows, total } = await products.list(storeId, list.scope, list.query);
      const ids = rows.map(({ product }) => product.id);
      const shown = await showFamilies(call, await products.families(storeId, ids));
      const { offset, limit } = list.query;
      return { status: 200, body: { products: shown, count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/products",
    access: "shop",
    tag,
    summary: "Create a product with its options, variants, prices and stock",
    body: newProductBody,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { body } = call;
      const created = await createFamily(call.deps, call.context, {
        details: { ...groupDetails(body), name: body.title },
        groups: groupsOf(body),
        choices: (body.options ?? []).map(({ title }) => title),
        variants: (body.variants ?? []).map(({ options, ...variant }) => ({
          details: { ...variantDetails(variant), title: variant.title },
          prices: (variant.prices ?? []).map(givenPrice),
          values: (options ?? []).map(({ value }) => value),
          pieces: variant.inventory_quantity ?? 0,
        })),
      });
      return productReply(call, created);
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a product",
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      return productReply(call, await loadFamily(call.deps.storage, call.context, productIdOf(call)));
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change a product; variants that are left out of `variants` are taken away",
    body: productBody,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context } = call;
      const { variants, title, ...rest } = call.body;
      const body = { ...rest, ...(title && { title }) };
      const id = productIdOf(call);
      const changes = { details: groupDetails(body), groups: groupsOf(body) };
      const wanted = variants?.map((variant) => ({
        ...givenVariant(variant),
        ...(variant.id && { id: engineId("variant", variant.id) }),
      }));
      const updated = await allOrNothing(deps, async (storage) => {
        const inside = { ...deps, storage };
        const replaced = wanted && (await replaceVariants(inside, context, id, wanted));
        return replaced && !replaced.ok ? replaced : updateFamily(inside, context, id, changes);
      });
      return productReply(call, updated);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a product with its variants; orders must not hold pieces of it",
    responses: { 200: deleted, ...staffErrors },
    async handle(call) {
      const gone = await deleteFamily(call.deps, call.context, productIdOf(call));
      if (!gone.ok) return refused(gone.error);
      return { status: 200, body: { id: call.params.productId, object: "product", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: `${path}/metadata`,
    access: "shop",
    tag,
    summary: "Set one of a product's own notes; an empty value takes it away",
    body: bodyOf({ key: text(255), value: Type.String({ maxLength: 10_000 }) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context } = call;
      const id = productIdOf(call);
      const metadata = { [call.body.key]: call.body.value };
      return productReply(call, await updateFamily(deps, context, id, { details: { metadata }, groups: {} }));
    },
  }),
];

/** The engine's id of the product that the path names. */
export function productIdOf({ params }: Pick<Call<unknown>, "params">): string {
  return engineId("prod", params.productId ?? "");
}

/** The product that was loaded or changed, or why not. */
export async function productReply(
  call: Call<unknown>,
  result: Result<ProductFamily, FamilyRefusal>,
): Promise<Reply> {
  if (result.ok) {
    const [product] = await showFamilies(call, [result.value]);
    return { status: 200, body: { product } };
  }
  const { error } = result;
  if (error.type === "product_not_found") {
    return notFound(`Product with id: ${call.params.productId} was not found`);
  }
  return refused(error);
}

/** Products as staff see them; one statement for all that they name. */
export async function showFamilies(
  { deps, context, baseUrl }: Pick<Call, "deps" | "context" | "baseUrl">,
  families: readonly ProductFamily[],
) {
  const { records } = deps.storage;
  const { storeId } = context.store;
  const setup = await records.setup(storeId);
  const groups = await records.productGroups(storeId, namedBy(families));
  return families.map((family) => renderAdminProduct({ baseUrl, setup, groups }, family));
}
