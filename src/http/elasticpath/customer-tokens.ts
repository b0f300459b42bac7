import Type, { type Static } from "typebox";
import { signInCustomer } from "../../operations/sign-in-customer.ts";
import { type Reply, type Route, route } from "../route.ts";
import { validatorOf } from "../validation.ts";
import { problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { givenPassword } from "./person-schemas.ts";
import { commonErrors, one, text } from "./schemas.ts";

/** Lifetime of a customer token in seconds: a day, the vendor's. */
const LIFETIME_SECONDS = 86_400;

const credentials = { email: text(254), password: givenPassword };

const tokenBody = Type.Object({
  data: Type.Object({
    type: Type.Optional(Type.Literal("token")),
    authentication_mechanism: Type.Optional(Type.Enum(["password", "oidc"])),
    email: Type.Optional(credentials.email),
    password: Type.Optional(credentials.password),
  }),
});

const passwordBody = Type.Object({ data: Type.Object(credentials) });
const checkPasswordBody = validatorOf(passwordBody);

const customerToken = Type.Object({
  type: Type.Literal("token"),
  id: Type.String(),
  customer_id: Type.String(),
  token: Type.String({ description: "To be sent as X-Moltin-Customer-Token" }),
  expires: Type.Integer({ description: "Seconds since 1970" }),
});

export const customerTokenRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/customers/tokens",
    access: "sign_in",
    tag: "Customers",
    summary: "Sign a customer in",
    body: tokenBody,
    responses: { 201: one(customerToken), ...commonErrors },
    // An answer with a token in it is not kept.
    idempotency: "none",
    async handle({ deps, context, body }) {
      if (body.data.authentication_mechanism === "oidc") return mechanismUnsupported("oidc");
      const invalid = checkPasswordBody(body);
      if (invalid.length > 0) return invalidBody(invalid);
      const { data } = body as Static<typeof passwordBody>;
      const signedIn = await signInCustomer(deps, context, data);
      if (!signedIn.ok) return refused(signedIn.error);
      const { id, name } = signedIn.value;
      const claims = { use: "customer", store: context.store.storeId, sub: id, name };
      return {
        status: 201,
        body: {
          data: {
            type: "token",
            id: deps.newId(),
            customer_id: id,
            token: deps.tokens.sign(claims, LIFETIME_SECONDS),
            expires: Math.floor(Date.parse(deps.now()) / 1000) + LIFETIME_SECONDS,
          },
        },
        headers: { "cache-control": "no-store" },
      };
    },
  }),
];

/** The answer to a way of signing in that the vendor has and this engine has not. */
export function mechanismUnsupported(mechanism: string): Reply {
  return problem(
    422,
    "Unprocessable Entity",
    `The authentication mechanism ${mechanism} is not supported by this store`,
    { source: "data.authentication_mechanism" },
  );
}
