import Type, { type Static } from "typebox";
import { changeSettings, type SettingsChanges } from "../../operations/change-settings.ts";
import { defaultSettings, type StoreSettings } from "../../operations/context.ts";
import { MAX_CURRENCIES } from "../../operations/save-currency.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { cartSettingsRoutes } from "./cart-settings.ts";
import { refused } from "./errors.ts";
import { fixedSettingsRoutes } from "./fixed-settings.ts";
import { commonErrors, one } from "./schemas.ts";

/** Members of an address that a store may make mandatory. */
const addressMembers = [
  "first_name",
  "last_name",
  "company_name",
  "phone_number",
  "line_1",
  "line_2",
  "city",
  "postcode",
  "county",
  "region",
  "country",
  "instructions",
] as const;

const settable = {
  page_length: Type.Integer({ minimum: 1, maximum: 100 }),
  list_child_products: Type.Boolean(),
  additional_languages: Type.Array(
    Type.String({ pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", maxLength: 35 }),
    {
      maxItems: 5,
    },
  ),
  calculation_method: Type.Enum(["line", "simple"]),
  address_mandatory_fields: Type.Array(Type.Enum([...addressMembers]), { maxItems: addressMembers.length }),
  shopper_address_limit: Type.Integer({ minimum: 1, maximum: 25_000 }),
  paid_but_gone: Type.Union(
    (["refund", "void", "backorder", "hold"] as const).map((policy) => Type.Literal(policy)),
    {
      description:
        "What becomes of money that comes late, for an order whose goods are gone meanwhile: it is returned, released (and held when it was taken already), kept until the goods are there again, or held for a person. So is money for a cart of the Medusa API that could not be completed (`POST /cartwright/carts/:id/held-payment`). Ours.",
    },
  ),
};

/** What the vendor lets a store read and not change; what is sent for these is ignored. */
const limits = {
  currency_limit: MAX_CURRENCIES,
  field_limit: 100,
  integration_limit: 100,
  event_limit: 5,
  filter_limit: 10,
  promotions_limit: 1_000,
  promotion_codes_limit: 1_000,
  page_offset_limit: 10_000,
};

const settingsBody = one(
  Type.Object({
    type: Type.Optional(Type.Literal("settings")),
    ...Type.Partial(Type.Object(settable)).properties,
  }),
);

const settingsAnswer = Type.Object({
  data: Type.Object({
    type: Type.Literal("settings"),
    ...settable,
    currency_limit: Type.Integer(),
    field_limit: Type.Integer(),
    integration_limit: Type.Integer(),
    event_limit: Type.Integer(),
    filter_limit: Type.Integer(),
    tax_item_limit: Type.Integer(),
    promotions_limit: Type.Integer(),
    promotion_codes_limit: Type.Integer(),
    page_offset_limit: Type.Integer(),
  }),
  meta: Type.Object({ owner: Type.Literal("store") }),
});

const tag = "Settings";
const path = "/v2/settings";

export const settingsRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get the settings of the store",
    responses: { 200: settingsAnswer, ...commonErrors },
    async handle(call) {
      return { status: 200, body: renderSettings(call.context.store.settings) };
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change settings of the store",
    body: settingsBody,
    responses: { 200: settingsAnswer, ...commonErrors },
    handle: (call) => change(call, changesOf(call.body.data)),
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Set the settings of the store back to their defaults; those of carts stay",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { cart: _, ...defaults } = defaultSettings;
      const reply = await change(call, defaults);
      return reply.status === 200 ? { status: 204 } : reply;
    },
  }),
  ...cartSettingsRoutes,
  ...fixedSettingsRoutes,
];

async function change(call: Pick<Call, "deps" | "context">, changes: SettingsChanges): Promise<Reply> {
  const changed = await changeSettings(call.deps, call.context, changes);
  if (!changed.ok) return refused(changed.error);
  return { status: 200, body: renderSettings(changed.value) };
}

function changesOf(data: Static<typeof settingsBody>["data"]): SettingsChanges {
  return {
    ...(data.page_length !== undefined && { pageLength: data.page_length }),
    ...(data.list_child_products !== undefined && { listChildProducts: data.list_child_products }),
    ...(data.additional_languages !== undefined && { additionalLanguages: data.additional_languages }),
    ...(data.calculation_method !== undefined && { calculationMethod: data.calculation_method }),
    ...(data.address_mandatory_fields !== undefined && {
      addressMandatoryFields: data.address_mandatory_fields,
    }),
    ...(data.shopper_address_limit !== undefined && { shopperAddressLimit: data.shopper_address_limit }),
    ...(data.paid_but_gone !== undefined && { paidButGone: data.paid_but_gone }),
  };
}

function renderSettings(settings: StoreSettings) {
  return {
    data: {
      type: "settings",
      page_length: settings.pageLength,
      list_child_products: settings.listChildProducts,
      additional_languages: settings.additionalLanguages,
      calculation_method: settings.calculationMethod,
      address_mandatory_fields: settings.addressMandatoryFields,
      shopper_address_limit: settings.shopperAddressLimit,
      paid_but_gone: settings.paidButGone,
      ...limits,
      tax_item_limit: settings.cart.maxTaxesPerItem,
    },
    meta: { owner: "store" },
  };
}
