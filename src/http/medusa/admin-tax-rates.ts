import Type from "typebox";
import type { TaxRate } from "../../domain/region/region.ts";
import { ok, type Result } from "../../domain/result.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import {
  attachTaxRate,
  createTaxRate,
  type TaxedKind,
  updateTaxRate,
} from "../../operations/save-tax-rate.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { expandedTaxRates, taxRateSchema } from "./expanded-tax-rates.ts";
import { engineId, type IdPrefix } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { bodyOf, deleted, error, given, ids, listOf, one, plainText, text } from "./schemas.ts";

const tag = "Admin: tax rates";

const answers = { 200: one("tax_rate", taxRateSchema), 400: error, 401: plainText, 404: error };
const percent = given(Type.Number({ minimum: 0, maximum: 1000 }));
const attached = { products: given(ids), shipping_options: given(ids), product_types: given(ids) } as const;

/** What tax rates are attached to: the name on the wire, in the engine, and what ids begin with. */
const taxed = [
  { name: "products", path: "products", kind: "productIds", prefix: "prod" },
  { name: "product_types", path: "product-types", kind: "productTypeIds", prefix: "ptyp" },
  { name: "shipping_options", path: "shipping-options", kind: "shippingOptionIds", prefix: "so" },
] as const satisfies readonly { name: string; path: string; kind: TaxedKind; prefix: IdPrefix }[];

/** What a merchant does with tax rates. */
export const adminTaxRateRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/tax-rates",
    access: "shop",
    tag,
    summary: "List tax rates",
    query: ["name", "region_id", "code", "rate", ...pageParameters],
    responses: { 200: listOf("tax_rates", taxRateSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { taxRates } = await call.deps.storage.records.setup(call.context.store.storeId);
      return pageReply(call, {
        name: "tax_rates",
        rows: await expandedTaxRates(call, taxRates),
        searched: ["name", "code"],
        filters: ["id", "name", "region_id", "code", "rate"],
        limit: 50,
      });
    },
  }),
  route({
    method: "POST",
    path: "/admin/tax-rates",
    access: "shop",
    tag,
    summary: "Create a tax rate",
    body: bodyOf({ code: text(255), name: text(255), region_id: text(255), rate: percent, ...attached }),
    responses: answers,
    query: ["expand"],
    handle: async (call) => {
      const { deps, context, body } = call;
      return answer(
        call,
        await createTaxRate(deps, context, {
          name: body.name,
          code: body.code,
          regionId: engineId("reg", body.region_id),
          percent: body.rate ?? null,
          productIds: [],
          productTypeIds: [],
          shippingOptionIds: [],
          ...attachedIn(body),
        }),
      );
    },
  }),
  route({
    method: "GET",
    path: "/admin/tax-rates/:id",
    access: "shop",
    tag,
    summary: "Retrieve a tax rate",
    responses: { 200: one("tax_rate", taxRateSchema), 401: plainText, 404: error },
    query: ["expand"],
    handle: async (call) => {
      const { deps, context, params } = call;
      const taxRateId = engineId("txr", params.id as string);
      const taxRate = await deps.storage.records.load(context.store.storeId, "tax_rate", taxRateId);
      if (!taxRate) return refused({ type: "tax_rate_not_found", taxRateId });
      return answer(call, ok(taxRate));
    },
  }),
  route({
    method: "POST",
    path: "/admin/tax-rates/:id",
    access: "shop",
    tag,
    summary: "Change a tax rate",
    body: bodyOf({
      code: given(text(255)),
      name: given(text(255)),
      region_id: given(text(255)),
      rate: percent,
      ...attached,
    }),
    responses: answers,
    query: ["expand"],
    handle: async (call) => {
      const { deps, context, body, params } = call;
      return answer(
        call,
        await updateTaxRate(deps, context, engineId("txr", params.id as string), {
          ...(body.name != null && { name: body.name }),
          ...(body.code != null && { code: body.code }),
          ...(body.region_id != null && { regionId: engineId("reg", body.region_id) }),
          ...(body.rate !== undefined && { percent: body.rate }),
          ...attachedIn(body),
        }),
      );
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/tax-rates/:id",
    access: "shop",
    tag,
    summary: "Delete a tax rate",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deps.storage.records.delete(context.store.storeId, "tax_rate", engineId("txr", id));
      return { status: 200, body: { id, object: "tax-rate", deleted: true } };
    },
  }),
  ...taxed.flatMap(batchRoutes),
];

/** How a rate is attached to several things of one kind at once, and taken off them. */
function batchRoutes({ name, path, kind, prefix }: (typeof taxed)[number]): Route[] {
  return (["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: `/admin/tax-rates/:id/${path}/batch`,
      access: "shop",
      tag,
      summary: method === "POST" ? `Attach to ${path}` : `Take off ${path}`,
      body: bodyOf({ [name]: ids }),
      responses: answers,
      query: ["expand"],
      handle: async (call) => {
        const { deps, context, body, params } = call;
        const named = (body as Record<string, string[]>)[name] as string[];
        const list = named.map((id) => engineId(prefix, id));
        const taxRateId = engineId("txr", params.id as string);
        const change = method === "POST" ? { add: list } : { remove: list };
        return answer(call, await attachTaxRate(deps, context, taxRateId, kind, change));
      },
    }),
  );
}

type Attached = { readonly [Name in (typeof taxed)[number]["name"]]?: readonly string[] | null | undefined };

function attachedIn(body: Attached): Partial<Record<TaxedKind, readonly string[]>> {
  const members = taxed.flatMap(({ name, kind, prefix }) => {
    const list = body[name];
    return list == null ? [] : [[kind, list.map((id) => engineId(prefix, id))]];
  });
  return Object.fromEntries(members);
}

async function answer(call: Omit<Call, "body">, result: Result<TaxRate, SalesRefusal>): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const [taxRate] = await expandedTaxRates(call, [result.value]);
  return { status: 200, body: { tax_rate: taxRate } };
}
