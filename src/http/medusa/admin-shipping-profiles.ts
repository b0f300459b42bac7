import Type from "typebox";
import type { ShippingProfile } from "../../domain/region/region.ts";
import { assignProfile } from "../../operations/assign-profile.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { renderShippingProfile, shippingProfileSchema } from "./render-shipping-option.ts";
import { bodyOf, deleted, error, given, ids, metadata, one, oneOf, plainText, text } from "./schemas.ts";

const tag = "Admin: shipping profiles";
const kinds = oneOf(["default", "gift_card", "custom"]);
const answers = {
  200: one("shipping_profile", shippingProfileSchema),
  400: error,
  401: plainText,
  404: error,
};

/** What a merchant does with shipping profiles: the default one and that of gift cards are there for good. */
export const adminShippingProfileRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/shipping-profiles",
    access: "shop",
    tag,
    summary: "List shipping profiles",
    responses: {
      200: Type.Object({ shipping_profiles: Type.Array(shippingProfileSchema) }),
      401: plainText,
    },
    handle: async ({ deps, context }) => {
      const { shippingProfiles } = await deps.storage.records.setup(context.store.storeId);
      return { status: 200, body: { shipping_profiles: shippingProfiles.map(renderShippingProfile) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/shipping-profiles",
    access: "shop",
    tag,
    summary: "Create a shipping profile",
    body: bodyOf({ name: text(255), type: kinds, metadata: given(metadata) }),
    responses: answers,
    handle: async ({ deps, context, body }) => {
      if (body.type !== "custom") return refused({ type: "shipping_profile_fixed", kind: body.type });
      const now = deps.now();
      const profile: ShippingProfile = {
        id: deps.newId(),
        name: body.name,
        type: body.type,
        ...(body.metadata != null && { metadata: body.metadata }),
        createdAt: now,
        updatedAt: now,
      };
      await deps.storage.records.insert(context.store.storeId, "shipping_profile", profile);
      return shown(profile);
    },
  }),
  route({
    method: "GET",
    path: "/admin/shipping-profiles/:id",
    access: "shop",
    tag,
    summary: "Retrieve a shipping profile",
    responses: { 200: one("shipping_profile", shippingProfileSchema), 401: plainText, 404: error },
    handle: async (call) => {
      const profile = await profileOf(call);
      return profile ? shown(profile) : unknown(call);
    },
  }),
  route({
    method: "POST",
    path: "/admin/shipping-profiles/:id",
    access: "shop",
    tag,
    summary: "Change a shipping profile, have products be sent by it, and put shipping options into it",
    body: bodyOf({
      name: given(text(255)),
      metadata: given(metadata),
      type: given(kinds),
      products: given(ids),
      shipping_options: given(ids),
    }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const before = await profileOf(call);
      if (!before) return unknown(call);
      if (body.type != null && body.type !== before.type) {
        const kind = before.type === "custom" ? body.type : before.type;
        return refused({ type: "shipping_profile_fixed", kind: kind === "custom" ? "default" : kind });
      }
      await assignProfile(deps, context, {
        profileId: before.id,
        productIds: (body.products ?? []).map((id) => engineId("prod", id)),
        optionIds: (body.shipping_options ?? []).map((id) => engineId("so", id)),
      });
      const updatedAt = deps.now();
      const changed = await deps.storage.records.change(
        context.store.storeId,
        "shipping_profile",
        before.id,
        (profile) => ({
          ...profile,
          ...(body.name != null && { name: body.name }),
          ...(body.metadata != null && { metadata: body.metadata }),
          updatedAt,
        }),
      );
      return changed.kind === "saved" ? shown(changed.record) : unknown(call);
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/shipping-profiles/:id",
    access: "shop",
    tag,
    summary: "Delete a shipping profile",
    responses: { 200: deleted, 400: error, 401: plainText },
    handle: async (call) => {
      const { deps, context, params } = call;
      const profile = await profileOf(call);
      if (profile && profile.type !== "custom")
        return refused({ type: "shipping_profile_fixed", kind: profile.type });
      if (profile) await deps.storage.records.delete(context.store.storeId, "shipping_profile", profile.id);
      return { status: 200, body: { id: params.id, object: "shipping_profile", deleted: true } };
    },
  }),
];

const shown = (profile: ShippingProfile): Reply => ({
  status: 200,
  body: { shipping_profile: renderShippingProfile(profile) },
});

function profileOf({ deps, context, params }: Omit<Call, "body">): Promise<ShippingProfile | undefined> {
  const profileId = engineId("sp", params.id as string);
  return deps.storage.records.load(context.store.storeId, "shipping_profile", profileId);
}

const unknown = ({ params }: Pick<Call, "params">): Reply =>
  refused({ type: "shipping_profile_not_found", profileId: engineId("sp", params.id as string) });
