import Type, { type Static } from "typebox";
import type { Result } from "../../domain/result.ts";
import type { Account, AccountMember } from "../../operations/ports/accounts.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { currentAccountMember, signInAccountMember } from "../../operations/sign-in-account-member.ts";
import { signUpAccountMember } from "../../operations/sign-up-account-member.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { validatorOf } from "../validation.ts";
import { accountRefused } from "./account-replies.ts";
import { mechanismUnsupported } from "./customer-tokens.ts";
import { invalidBody } from "./invalid-body.ts";
import { listRefused, pageLinks, pageMeta, parseListQuery } from "./list-query.ts";
import { givenPassword, newPassword } from "./person-schemas.ts";
import { queryParameters } from "./query-string.ts";
import {
  commonErrors,
  email,
  pageLinks as pageLinksSchema,
  pageMeta as pageMetaSchema,
  requiredText,
  text,
} from "./schemas.ts";

/** Lifetime of an account token in seconds: a day, the vendor's. */
const LIFETIME_SECONDS = 86_400;

const USE = "account_management_authentication_token";

const tokenBody = Type.Object({
  data: Type.Object({
    type: Type.Optional(Type.Literal(USE)),
    authentication_mechanism: Type.Enum(["password", "self_signup", USE, "passwordless", "oidc"]),
    username: Type.Optional(text(254)),
    password: Type.Optional(givenPassword),
    name: Type.Optional(text(255)),
    email: Type.Optional(text(254)),
  }),
});

const passwordBody = Type.Object({ data: Type.Object({ username: text(254), password: givenPassword }) });
const checkPasswordBody = validatorOf(passwordBody);

const signUpBody = Type.Object({
  data: Type.Object({ name: requiredText(), email, username: requiredText(254), password: newPassword }),
});
const checkSignUpBody = validatorOf(signUpBody);

const accountToken = Type.Object({
  type: Type.Literal(USE),
  account_id: Type.String(),
  account_name: Type.String(),
  token: Type.String({ description: "To be sent as EP-Account-Management-Authentication-Token" }),
  expires: Type.String({ format: "date-time" }),
});

const tokensAnswer = Type.Object({
  data: Type.Array(accountToken),
  links: pageLinksSchema,
  meta: Type.Intersect([pageMetaSchema, Type.Object({ account_member_id: Type.String() })]),
});

export const accountTokenRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/account-members/tokens",
    access: "sign_in",
    tag: "Account members",
    summary:
      "Sign an account member in or up, or get tokens for its other accounts: one for each of its accounts",
    query: ["page[limit]", "page[offset]"],
    body: tokenBody,
    responses: { 201: tokensAnswer, ...commonErrors },
    // An answer with a token in it is not kept.
    idempotency: "none",
    async handle(call) {
      // Nothing but the page is asked for: the vendor's clients repeat the filter of an earlier list here.
      const rawQuery = pageParameters(call.rawQuery);
      const query = parseListQuery(rawQuery, {
        fields: { created_at: { type: "timestamp", operators: [] } },
        defaultLimit: call.context.store.settings.pageLength,
        defaultSort: { field: "created_at", descending: false },
      });
      if (!query.ok) return listRefused(query.error);
      const member = await memberOf(call);
      if ("status" in member) return member;
      if (!member.ok) return accountRefused(member.error);
      const { storeId } = call.context.store;
      const { rows, total } = await call.deps.storage.accounts.list(storeId, query.value, member.value.id);
      return {
        status: 201,
        body: {
          data: rows.map((account) => tokenFor(call, account, member.value)),
          links: pageLinks({ ...call, rawQuery }, query.value, total),
          meta: { ...pageMeta(query.value, total), account_member_id: member.value.id },
        },
        headers: { "cache-control": "no-store" },
      };
    },
  }),
];

/** Who gets the tokens, by the mechanism that the request names; a reply when something is missing for it. */
async function memberOf(
  call: Call<Static<typeof tokenBody>>,
): Promise<Result<AccountMember, Refusal> | Reply> {
  const { deps, context, body } = call;
  const mechanism = body.data.authentication_mechanism;
  switch (mechanism) {
    case "password": {
      const invalid = checkPasswordBody(body);
      if (invalid.length > 0) return invalidBody(invalid);
      return signInAccountMember(deps, context, (body as Static<typeof passwordBody>).data);
    }
    case "self_signup": {
      const invalid = checkSignUpBody(body);
      if (invalid.length > 0) return invalidBody(invalid);
      const { name, email, username, password } = (body as Static<typeof signUpBody>).data;
      return signUpAccountMember(deps, context, { name, email, username, password });
    }
    case USE:
      return currentAccountMember(deps, context);
    default:
      return mechanismUnsupported(mechanism);
  }
}

function tokenFor(
  { deps, context }: Call,
  account: Account,
  member: AccountMember,
): Static<typeof accountToken> {
  const claims = { use: "account", store: context.store.storeId, account_id: account.id, sub: member.id };
  return {
    type: USE,
    account_id: account.id,
    account_name: account.name,
    token: deps.tokens.sign(claims, LIFETIME_SECONDS),
    expires: new Date(Date.parse(deps.now()) + LIFETIME_SECONDS * 1000).toISOString(),
  };
}

function pageParameters(rawQuery: string): string {
  const page = queryParameters(rawQuery).filter(({ name }) => name.startsWith("page["));
  return page.map(({ name, rawValue }) => `${name}=${rawValue}`).join("&");
}
