import Type from "typebox";
import { createShippingOption, updateShippingOption } from "../../operations/save-shipping-option.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { pageParameters, pageReply } from "./pages.ts";
import {
  adminShippingOptionSchema,
  pricedAdminShippingOptionSchema,
  renderAdminShippingOption,
  renderShippingTax,
} from "./render-shipping-option.ts";
import {
  amount,
  bodyOf,
  deleted,
  error,
  given,
  listOf,
  metadata,
  one,
  oneOf,
  plainText,
  text,
} from "./schemas.ts";

const tag = "Admin: shipping options";
const requirement = {
  type: oneOf(["max_subtotal", "min_subtotal"]),
  amount,
} as const;
const answers = {
  200: one("shipping_option", adminShippingOptionSchema),
  400: error,
  401: plainText,
  404: error,
};

const createBody = bodyOf({
  name: text(255),
  region_id: text(255),
  provider_id: text(255),
  profile_id: given(text(255)),
  data: metadata,
  price_type: oneOf(["flat_rate", "calculated"]),
  amount: given(amount),
  requirements: given(Type.Array(bodyOf(requirement), { maxItems: 10 })),
  is_return: given(Type.Boolean()),
  admin_only: given(Type.Boolean()),
  metadata: given(metadata),
  includes_tax: given(Type.Boolean()),
});

const updateBody = bodyOf({
  name: given(text(255)),
  amount: given(amount),
  admin_only: given(Type.Boolean()),
  metadata: given(metadata),
  requirements: given(Type.Array(bodyOf({ id: given(text(255)), ...requirement }), { maxItems: 10 })),
  includes_tax: given(Type.Boolean()),
});

/** What a merchant does with shipping options. */
export const adminShippingOptionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/shipping-options",
    access: "shop",
    tag,
    summary: "List shipping options",
    query: ["id", "name", "region_id", "is_return", "admin_only", ...pageParameters],
    responses: {
      200: listOf("shipping_options", pricedAdminShippingOptionSchema),
      400: error,
      401: plainText,
    },
    handle: async (call) => {
      const setup = await call.deps.storage.records.setup(call.context.store.storeId);
      const rows = setup.shippingOptions.map((option) => ({
        ...renderAdminShippingOption(option, setup),
        ...renderShippingTax(option, setup),
      }));
      const filters = ["id", "name", "region_id", "is_return", "admin_only"] as const;
      return pageReply(call, { name: "shipping_options", rows, searched: ["name"], filters, limit: 50 });
    },
  }),
  route({
    method: "POST",
    path: "/admin/shipping-options",
    access: "shop",
    tag,
    summary: "Create a shipping option",
    body: createBody,
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const created = await createShippingOption(deps, context, {
        name: body.name,
        regionId: engineId("reg", body.region_id),
        ...(body.profile_id != null && { profileId: engineId("sp", body.profile_id) }),
        providerId: body.provider_id,
        priceType: body.price_type,
        amount: body.amount ?? null,
        includesTax: body.includes_tax ?? false,
        isReturn: body.is_return ?? false,
        isAdminOnly: body.admin_only ?? false,
        requirements: body.requirements ?? [],
        data: body.data,
        ...(body.metadata != null && { metadata: body.metadata }),
      });
      return created.ok ? shown(call, created.value) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path: "/admin/shipping-options/:id",
    access: "shop",
    tag,
    summary: "Retrieve a shipping option",
    responses: { 200: one("shipping_option", adminShippingOptionSchema), 401: plainText, 404: error },
    handle: async (call) => {
      const { deps, context, params } = call;
      const optionId = engineId("so", params.id as string);
      const option = await deps.storage.records.load(context.store.storeId, "shipping_option", optionId);
      return option ? shown(call, option) : refused({ type: "shipping_option_not_found", optionId });
    },
  }),
  route({
    method: "POST",
    path: "/admin/shipping-options/:id",
    access: "shop",
    tag,
    summary: "Change a shipping option",
    body: updateBody,
    responses: answers,
    handle: async (call) => {
      const { deps, context, body, params } = call;
      const changed = await updateShippingOption(deps, context, engineId("so", params.id as string), {
        ...(body.name != null && { name: body.name }),
        ...(body.amount != null && { amount: body.amount }),
        ...(body.admin_only != null && { isAdminOnly: body.admin_only }),
        ...(body.includes_tax != null && { includesTax: body.includes_tax }),
        ...(body.metadata != null && { metadata: body.metadata }),
        ...(body.requirements != null && {
          requirements: body.requirements.map(({ id, ...bound }) => ({
            ...bound,
            ...(id != null && { id: engineId("sor", id) }),
          })),
        }),
      });
      return changed.ok ? shown(call, changed.value) : refused(changed.error);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/shipping-options/:id",
    access: "shop",
    tag,
    summary: "Delete a shipping option",
    responses: { 200: deleted, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      await deps.storage.records.delete(context.store.storeId, "shipping_option", engineId("so", id));
      return { status: 200, body: { id, object: "shipping-option", deleted: true } };
    },
  }),
];

async function shown(
  { deps, context }: Omit<Call, "body">,
  option: Parameters<typeof renderAdminShippingOption>[0],
): Promise<Reply> {
  const setup = await deps.storage.records.setup(context.store.storeId);
  return { status: 200, body: { shipping_option: renderAdminShippingOption(option, setup) } };
}
