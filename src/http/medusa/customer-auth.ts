import Type, { type Static } from "typebox";
import type { Customer } from "../../operations/ports/customers.ts";
import { addressesOf } from "../../operations/save-region-address.ts";
import { signInCustomer } from "../../operations/sign-in-customer.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { ordersOf } from "./customer-orders.ts";
import { address, customerRow } from "./customer-schemas.ts";
import { invalidData, unauthorized } from "./errors.ts";
import { renderAddress, renderCustomer } from "./render-customer.ts";
import { bodyOf, error, given, one, plainText } from "./schemas.ts";
import { bearerToken, sessionCookie, sessionOf } from "./session.ts";

// What is missing is told in other words here than elsewhere, so it is looked at by the handlers.
const credentials = bodyOf({
  email: given(Type.String({ maxLength: 254 })),
  password: given(Type.String({ maxLength: 256 })),
});

const signedInCustomer = Type.Object({
  ...customerRow.properties,
  orders: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  shipping_addresses: Type.Array(address),
});

/** Signing in: a session in the browser, or a token. */
export const customerAuthRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/auth",
    access: "open",
    tag: "Auth",
    summary: "Sign a customer in with a session cookie",
    body: credentials,
    responses: { 200: one("customer", signedInCustomer), 400: error, 401: plainText },
    // An answer that lets somebody in is not kept.
    idempotency: "none",
    async handle(call) {
      const signedIn = await signIn(call);
      if ("refusal" in signedIn) return signedIn.refusal;
      const { deps, context, header } = call;
      const { storeId } = context.store;
      const session = { ...sessionOf(deps, storeId, header), customerId: signedIn.customer.id };
      return {
        status: 200,
        body: { customer: await renderSignedIn(call, signedIn.customer) },
        headers: { ...sessionCookie(deps, storeId, session), "cache-control": "no-store" },
      };
    },
  }),
  route({
    method: "GET",
    path: "/store/auth",
    access: "shopper",
    tag: "Auth",
    summary: "Who is signed in",
    responses: { 200: one("customer", signedInCustomer), 401: plainText },
    async handle(call) {
      const { deps, context } = call;
      const customer = await deps.storage.customers.load(
        context.store.storeId,
        context.actor.customerId ?? "",
      );
      if (!customer) return unauthorized;
      return { status: 200, body: { customer: await renderSignedIn(call, customer) } };
    },
  }),
  route({
    method: "DELETE",
    path: "/store/auth",
    access: "shopper",
    tag: "Auth",
    summary: "Sign the customer out",
    responses: { 200: plainText, 401: plainText },
    idempotency: "none",
    async handle({ deps, context, header }) {
      const { storeId } = context.store;
      const { userId } = sessionOf(deps, storeId, header);
      const rest = userId === undefined ? {} : { userId };
      return { status: 200, text: "OK", headers: sessionCookie(deps, storeId, rest) };
    },
  }),
  route({
    method: "POST",
    path: "/store/auth/token",
    access: "open",
    tag: "Auth",
    summary: "Sign a customer in with a bearer token",
    body: credentials,
    responses: {
      200: Type.Object({ access_token: Type.String() }),
      400: error,
      401: plainText,
    },
    idempotency: "none",
    async handle(call) {
      const signedIn = await signIn(call);
      if ("refusal" in signedIn) return signedIn.refusal;
      const { storeId } = call.context.store;
      return {
        status: 200,
        body: { access_token: bearerToken(call.deps, storeId, "store", signedIn.customer.id) },
        headers: { "cache-control": "no-store" },
      };
    },
  }),
  route({
    method: "GET",
    path: "/store/auth/:email",
    access: "open",
    tag: "Auth",
    summary: "Whether a customer is registered with an e-mail address",
    responses: { 200: Type.Object({ exists: Type.Boolean() }) },
    async handle({ deps, context, params }) {
      const found = await deps.storage.customers.findByEmail(
        context.store.storeId,
        (params.email as string).trim(),
      );
      return { status: 200, body: { exists: found?.passwordHash !== undefined } };
    },
  }),
];

async function signIn(
  call: Call<Static<typeof credentials>>,
): Promise<{ readonly customer: Customer } | { readonly refusal: Reply }> {
  const { email, password } = call.body;
  const missing = [...(email ? [] : ["email"]), ...(password ? [] : ["password"])];
  if (!email || !password) {
    return { refusal: invalidData(missing.map((name) => `${name} should not be empty`).join(", ")) };
  }
  const signedIn = await signInCustomer(call.deps, call.context, { email: email.trim(), password });
  return signedIn.ok ? { customer: signedIn.value } : { refusal: unauthorized };
}

async function renderSignedIn(call: Call, customer: Customer): Promise<Static<typeof signedInCustomer>> {
  const addresses = await addressesOf(call.deps, call.context, customer.id);
  return {
    ...renderCustomer(customer),
    orders: [...(await ordersOf(call, customer.id))],
    shipping_addresses: addresses.map(renderAddress),
  };
}
