import Type from "typebox";
import type { TaxRate } from "../../domain/region/region.ts";
import type { Call } from "../route.ts";
import { wireId } from "./ids.ts";
import { namesIn } from "./list-parameters.ts";
import { renderType } from "./render-groups.ts";
import { productColumns } from "./render-product.ts";
import { renderPlainShippingOption } from "./render-shipping-option.ts";
import { nullable, timestamps } from "./schemas.ts";

const attached = Type.Optional(Type.Array(Type.Object({ id: Type.String() })));

/** A tax rate; `expand` adds what it is attached to. */
export const taxRateSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  name: Type.String(),
  code: Type.String(),
  rate: nullable(Type.Number()),
  region_id: Type.String(),
  products: attached,
  product_types: attached,
  shipping_options: attached,
});

export function renderTaxRate(taxRate: TaxRate) {
  return {
    id: wireId("txr", taxRate.id),
    created_at: taxRate.createdAt,
    updated_at: taxRate.updatedAt,
    name: taxRate.name,
    code: taxRate.code,
    rate: taxRate.percent,
    region_id: wireId("reg", taxRate.regionId),
  };
}

/** The rates with what the request's `expand` names; what a rate is attached to and is gone by now is left out. */
export async function expandedTaxRates(call: Omit<Call, "body">, taxRates: readonly TaxRate[]) {
  const wanted = namesIn(new URLSearchParams(call.rawQuery).get("expand") ?? undefined);
  const { records, products } = call.deps.storage;
  const { storeId } = call.context.store;
  const idsOf = (kind: "productIds" | "productTypeIds", name: string): string[] =>
    wanted.has(name) ? [...new Set(taxRates.flatMap((rate) => rate[kind]))] : [];
  const productIds = idsOf("productIds", "products");
  const [foundProducts, types, setup] = await Promise.all([
    productIds.length > 0 ? products.byId(storeId, productIds) : [],
    records.loadMany(storeId, "product_type", idsOf("productTypeIds", "product_types")),
    records.setup(storeId),
  ]);
  return taxRates.map((rate) => ({
    ...renderTaxRate(rate),
    ...(wanted.has("products") && {
      products: foundProducts
        .filter(({ product }) => rate.productIds.includes(product.id))
        .map(({ product }) => productColumns(call, product)),
    }),
    ...(wanted.has("product_types") && {
      product_types: types.filter(({ id }) => rate.productTypeIds.includes(id)).map(renderType),
    }),
    ...(wanted.has("shipping_options") && {
      shipping_options: setup.shippingOptions
        .filter(({ id }) => rate.shippingOptionIds.includes(id))
        .map(renderPlainShippingOption),
    }),
  }));
}
