import Type from "typebox";
import { type Route, route } from "../route.ts";
import { commonErrors, one, timestamps } from "./schemas.ts";

const tag = "Settings";

/** Settings that clients read and that cannot be changed here. */
export const fixedSettingsRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/settings/promotions",
    access: "shop",
    tag,
    summary: "Get the settings of promotions",
    responses: {
      200: one(
        Type.Object({
          type: Type.Literal("promotion_settings"),
          rule_promotions_preview_enabled: Type.Boolean(),
        }),
      ),
      ...commonErrors,
    },
    async handle() {
      const data = { type: "promotion_settings", rule_promotions_preview_enabled: false };
      return { status: 200, body: { data } };
    },
  }),
  route({
    method: "GET",
    path: "/v2/settings/account-authentication",
    access: "shop",
    tag,
    summary: "Get the settings of signing in to accounts",
    responses: {
      200: one(
        Type.Object({
          id: Type.String(),
          type: Type.Literal("account_authentication_settings"),
          enable_self_signup: Type.Boolean(),
          auto_create_account_for_account_members: Type.Boolean(),
          account_management_authentication_token_timeout_secs: Type.Integer(),
          account_member_self_management: Type.String(),
          relationships: Type.Object({
            authentication_realm: Type.Object({
              data: Type.Object({ type: Type.Literal("authentication-realm"), id: Type.String() }),
            }),
          }),
          meta: Type.Object({ timestamps }),
        }),
      ),
      ...commonErrors,
    },
    async handle({ context: { store } }) {
      const data = {
        id: store.storeId,
        type: "account_authentication_settings",
        enable_self_signup: false,
        auto_create_account_for_account_members: false,
        account_management_authentication_token_timeout_secs: 86_400,
        account_member_self_management: "disabled",
        // There is one realm, the store's own; nothing is asked of it by its id.
        relationships: {
          authentication_realm: { data: { type: "authentication-realm", id: store.storeId } },
        },
        meta: { timestamps: { created_at: store.createdAt, updated_at: store.createdAt } },
      };
      return { status: 200, body: { data } };
    },
  }),
];
