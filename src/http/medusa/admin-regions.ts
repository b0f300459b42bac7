import Type from "typebox";
import type { Region } from "../../domain/region/region.ts";
import {
  createRegion,
  deleteRegion,
  type RegionDetails,
  updateRegion,
} from "../../operations/save-region.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { regionSchema, renderRegion } from "./render-region.ts";
import { bodyOf, deleted, error, given, listOf, metadata, one, plainText, text, words } from "./schemas.ts";

const tag = "Admin: regions";
const slugs = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 300 });
const percent = Type.Number({ minimum: 0, maximum: 100 });
const code = Type.String({ minLength: 2, maxLength: 3 });
const answers = { 200: one("region", regionSchema), 400: error, 401: plainText, 404: error, 422: error };

const createBody = bodyOf({
  name: text(255),
  currency_code: code,
  tax_code: given(words(255)),
  tax_rate: percent,
  payment_providers: slugs,
  fulfillment_providers: slugs,
  countries: slugs,
  includes_tax: given(Type.Boolean()),
  metadata: given(metadata),
});

const updateBody = bodyOf({
  name: given(text(255)),
  currency_code: given(code),
  automatic_taxes: given(Type.Boolean()),
  gift_cards_taxable: given(Type.Boolean()),
  tax_provider_id: Type.Optional(Type.Null()),
  tax_code: given(words(255)),
  tax_rate: given(percent),
  includes_tax: given(Type.Boolean()),
  payment_providers: given(slugs),
  fulfillment_providers: given(slugs),
  countries: given(slugs),
  metadata: given(metadata),
});

/** What a merchant does with regions. */
export const adminRegionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/regions",
    access: "shop",
    tag,
    summary: "List regions",
    query: pageParameters,
    responses: { 200: listOf("regions", regionSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { regions } = await call.deps.storage.records.setup(call.context.store.storeId);
      const rows = regions.map((region) => renderRegion(region, call.context.store));
      return pageReply(call, { name: "regions", rows, searched: ["name"], limit: 50 });
    },
  }),
  route({
    method: "POST",
    path: "/admin/regions",
    access: "shop",
    tag,
    summary: "Create a region",
    body: createBody,
    responses: answers,
    handle: async ({ deps, context, body }) => {
      const created = await createRegion(deps, context, {
        name: body.name,
        currency: body.currency_code,
        taxPercent: body.tax_rate,
        ...(body.tax_code != null && { taxCode: body.tax_code }),
        areGiftCardsTaxable: true,
        hasAutomaticTaxes: true,
        includesTax: body.includes_tax ?? false,
        countries: body.countries,
        paymentProviders: body.payment_providers,
        fulfilmentProviders: body.fulfillment_providers,
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      if (!created.ok) return refused(created.error);
      return { status: 200, body: { region: renderRegion(created.value, context.store) } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/regions/:id",
    access: "shop",
    tag,
    summary: "Retrieve a region",
    responses: { 200: one("region", regionSchema), 401: plainText, 404: error },
    handle: async (call) => {
      const region = await regionOf(call);
      if (!region) return unknown(call);
      return { status: 200, body: { region: renderRegion(region, call.context.store) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/regions/:id",
    access: "shop",
    tag,
    summary: "Change a region",
    body: updateBody,
    responses: answers,
    handle: (call) => {
      const { body } = call;
      return changed(call, (region) => ({
        ...region,
        ...(body.name != null && { name: body.name }),
        ...(body.currency_code != null && { currency: body.currency_code }),
        ...(body.automatic_taxes != null && { hasAutomaticTaxes: body.automatic_taxes }),
        ...(body.gift_cards_taxable != null && { areGiftCardsTaxable: body.gift_cards_taxable }),
        ...(body.tax_code != null && { taxCode: body.tax_code }),
        ...(body.tax_rate != null && { taxPercent: body.tax_rate }),
        ...(body.includes_tax != null && { includesTax: body.includes_tax }),
        ...(body.payment_providers != null && { paymentProviders: body.payment_providers }),
        ...(body.fulfillment_providers != null && { fulfilmentProviders: body.fulfillment_providers }),
        ...(body.countries != null && { countries: body.countries }),
        ...(body.metadata != null && { metadata: body.metadata }),
      }));
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/regions/:id",
    access: "shop",
    tag,
    summary: "Delete a region",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deleteRegion(deps, context, engineId("reg", id));
      return { status: 200, body: { id, object: "region", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/regions/:id/countries",
    access: "shop",
    tag,
    summary: "Add a country",
    body: bodyOf({ country_code: Type.String({ maxLength: 100 }) }),
    responses: answers,
    handle: (call) =>
      changed(call, (region) => ({ ...region, countries: [...region.countries, call.body.country_code] })),
  }),
  route({
    method: "DELETE",
    path: "/admin/regions/:id/countries/:code",
    access: "shop",
    tag,
    summary: "Take a country out",
    responses: answers,
    handle: (call) => changed(call, (region) => ({ ...region, countries: without(region.countries, call) })),
  }),
  route({
    method: "GET",
    path: "/admin/regions/:id/fulfillment-options",
    access: "shop",
    tag,
    summary: "Ways of its fulfilment providers",
    responses: {
      200: Type.Object({
        fulfillment_options: Type.Array(
          Type.Object({ provider_id: Type.String(), options: Type.Array(Type.Unknown()) }),
        ),
      }),
      401: plainText,
      404: error,
    },
    handle: async (call) => {
      const region = await regionOf(call);
      if (!region) return unknown(call);
      const offered = await Promise.all(
        region.fulfilmentProviders.map(async (slug) => ({
          provider_id: slug,
          options: (await call.deps.fulfilmentProviders.get(slug)?.ways()) ?? [],
        })),
      );
      return { status: 200, body: { fulfillment_options: offered } };
    },
  }),
  ...(["payment", "fulfillment"] as const).flatMap(providerRoutes),
];

/** How a region gets and loses a provider of one kind. */
function providerRoutes(kind: "payment" | "fulfillment"): Route[] {
  const member = kind === "payment" ? "paymentProviders" : "fulfilmentProviders";
  return [
    route({
      method: "POST",
      path: `/admin/regions/:id/${kind}-providers`,
      access: "shop",
      tag,
      summary: `Add a ${kind} provider`,
      body: bodyOf({ provider_id: Type.String({ maxLength: 100 }) }),
      responses: answers,
      handle: (call) =>
        changed(call, (region) => ({ ...region, [member]: [...region[member], call.body.provider_id] })),
    }),
    route({
      method: "DELETE",
      path: `/admin/regions/:id/${kind}-providers/:code`,
      access: "shop",
      tag,
      summary: `Take a ${kind} provider out`,
      responses: answers,
      handle: (call) => changed(call, (region) => ({ ...region, [member]: without(region[member], call) })),
    }),
  ];
}

const without = (list: readonly string[], { params }: Pick<Call, "params">): readonly string[] =>
  list.filter((entry) => entry !== params.code?.toLowerCase());

async function regionOf({ deps, context, params }: Omit<Call, "body">): Promise<Region | undefined> {
  return deps.storage.records.load(context.store.storeId, "region", engineId("reg", params.id as string));
}

const unknown = ({ params }: Pick<Call, "params">): Reply =>
  refused({ type: "region_not_found", regionId: engineId("reg", params.id as string) });

async function changed(
  { deps, context, params }: Omit<Call, "body">,
  change: (region: Region) => RegionDetails,
): Promise<Reply> {
  const updated = await updateRegion(deps, context, engineId("reg", params.id as string), change);
  if (!updated.ok) return refused(updated.error);
  return { status: 200, body: { region: renderRegion(updated.value, context.store) } };
}
