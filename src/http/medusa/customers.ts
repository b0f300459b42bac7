import Type, { type Static } from "typebox";
import { registerCustomer } from "../../operations/register-customer.ts";
import { requestPasswordReset, resetPassword } from "../../operations/reset-password.ts";
import { addressesOf, billingAddressOf } from "../../operations/save-region-address.ts";
import { updateCustomer } from "../../operations/update-customer.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { validatorOf } from "../validation.ts";
import { chosenPassword, customerWithAddresses, email, partOfAddress } from "./customer-schemas.ts";
import { refused, unauthorized } from "./errors.ts";
import { engineId } from "./ids.ts";
import { noneOf } from "./invalid-body.ts";
import { renderCustomerWithAddresses } from "./render-customer.ts";
import { bodyOf, error, given, metadata, one, plainText } from "./schemas.ts";
import { sessionCookie, sessionOf } from "./session.ts";

const name = Type.String({ maxLength: 255 });
const phone = Type.String({ maxLength: 100 });

const createBody = bodyOf({
  first_name: given(name),
  last_name: given(name),
  email,
  password: chosenPassword,
  phone: given(phone),
});

const updateBody = bodyOf({
  // Null removes these three.
  first_name: given(name),
  last_name: given(name),
  // Looked at by the handler, since it may be an id or an address.
  billing_address: Type.Optional(Type.Unknown()),
  password: given(chosenPassword),
  phone: given(phone),
  email: given(email),
  metadata: given(metadata),
});

const tokenBody = bodyOf({ email });
const resetBody = bodyOf({ email, password: chosenPassword, token: Type.String({ maxLength: 4096 }) });

const answer = { 200: one("customer", customerWithAddresses), 400: error, 401: plainText } as const;

/** The signed-in customer with addresses, or 401 when there is none any more. */
export async function meReply({ deps, context }: Pick<Call, "deps" | "context">): Promise<Reply> {
  const { customerId } = context.actor;
  const customer =
    customerId === undefined
      ? undefined
      : await deps.storage.customers.load(context.store.storeId, customerId);
  if (!customer) return unauthorized;
  const addresses = await addressesOf(deps, context, customer.id);
  return { status: 200, body: { customer: renderCustomerWithAddresses(customer, addresses) } };
}

export const customerRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/customers",
    access: "open",
    tag: "Customers",
    summary: "Register a customer, who is signed in then",
    body: createBody,
    responses: { ...answer, 422: error },
    // An answer that lets somebody in is not kept.
    idempotency: "none",
    async handle({ deps, context, body, header }) {
      const { first_name: firstName, last_name: lastName, phone: number, password } = body;
      const registered = await registerCustomer(deps, context, {
        email: body.email.toLowerCase(),
        password,
        ...(typeof firstName === "string" && { firstName }),
        ...(typeof lastName === "string" && { lastName }),
        ...(number && { phone: number }),
      });
      if (!registered.ok) return refused(registered.error);
      const { storeId } = context.store;
      const session = { ...sessionOf(deps, storeId, header), customerId: registered.value.id };
      return {
        status: 200,
        body: { customer: renderCustomerWithAddresses(registered.value, []) },
        headers: { ...sessionCookie(deps, storeId, session), "cache-control": "no-store" },
      };
    },
  }),
  route({
    method: "GET",
    path: "/store/customers/me",
    access: "shopper",
    tag: "Customers",
    summary: "Get the signed-in customer",
    responses: answer,
    handle: meReply,
  }),
  route({
    method: "POST",
    path: "/store/customers/me",
    access: "shopper",
    tag: "Customers",
    summary: "Update the signed-in customer",
    body: updateBody,
    responses: { ...answer, 404: error, 422: error },
    async handle(call) {
      const { deps, context, body } = call;
      const customerId = context.actor.customerId as string;
      const billing = await readBillingAddress(call, customerId);
      if ("refusal" in billing) return billing.refusal;
      const updated = await updateCustomer(deps, context, {
        customerId,
        ...(body.first_name !== undefined && { firstName: body.first_name }),
        ...(body.last_name !== undefined && { lastName: body.last_name }),
        ...(body.phone !== undefined && { phone: body.phone }),
        ...(body.email && { email: body.email.toLowerCase() }),
        ...(body.password && { password: body.password }),
        ...(body.metadata && { metadata: body.metadata }),
        ...("address" in billing && { billingAddress: billing.address }),
      });
      return updated.ok ? meReply(call) : refused(updated.error);
    },
  }),
  route({
    method: "GET",
    path: "/store/customers/me/payment-methods",
    access: "shopper",
    tag: "Customers",
    summary: "Payment methods that are kept for the signed-in customer; none are",
    responses: {
      200: Type.Object({
        payment_methods: Type.Array(
          Type.Object({
            provider_id: Type.String(),
            data: Type.Record(Type.String(), Type.Unknown()),
          }),
        ),
      }),
      401: plainText,
    },
    handle: async () => ({ status: 200, body: { payment_methods: [] } }),
  }),
  route({
    method: "POST",
    path: "/store/customers/password-token",
    access: "open",
    tag: "Customers",
    summary: "Ask for a token to reset a password, which the event customer.password_reset carries",
    body: tokenBody,
    responses: { 204: null, 400: error },
    async handle({ deps, context, body }) {
      await requestPasswordReset(deps, context, body.email);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/store/customers/password-reset",
    access: "open",
    tag: "Customers",
    summary: "Set a new password",
    body: resetBody,
    responses: { 200: answer[200], 400: error, 401: error },
    // A password is not kept, not even in the hash of a request.
    idempotency: "none",
    async handle({ deps, context, body }) {
      const reset = await resetPassword(deps, context, body);
      if (!reset.ok) return refused(reset.error);
      const addresses = await addressesOf(deps, context, reset.value.id);
      return { status: 200, body: { customer: renderCustomerWithAddresses(reset.value, addresses) } };
    },
  }),
];

type Read =
  | { readonly refusal: Reply }
  | { readonly address: Extract<Awaited<ReturnType<typeof billingAddressOf>>, { ok: true }>["value"] }
  | { readonly unchanged: true };

const isId = (value: unknown): value is string => typeof value === "string";

async function readBillingAddress(
  { deps, context, body }: Call<Static<typeof updateBody>>,
  customerId: string,
): Promise<Read> {
  const value = body.billing_address;
  if (value === undefined || value === null) return { unchanged: true };
  const invalid = isId(value) ? [] : invalidAddress(value);
  if (invalid.length > 0) {
    return { refusal: noneOf("billing_address", ["AddressPayload", "String"], value, invalid) };
  }
  const wanted = isId(value)
    ? { addressId: engineId("addr", value) }
    : (value as Static<typeof partOfAddress>);
  const found = await billingAddressOf(deps, context, customerId, wanted);
  return found.ok ? { address: found.value } : { refusal: refused(found.error) };
}

const invalidAddress = validatorOf(partOfAddress);
