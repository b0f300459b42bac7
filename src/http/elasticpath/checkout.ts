import type { Static } from "typebox";
import type { Address } from "../../domain/order/order.ts";
import { type CheckOut, checkOut } from "../../operations/place-order.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { customFieldsOf, invalidCustomFields } from "./custom-fields.ts";
import { badRequest, forbidden, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { type addressBody, checkoutBody, placedOrderAnswer } from "./order-schemas.ts";
import { renderOrder, renderOrderItems } from "./render-order.ts";
import { commonErrors } from "./schemas.ts";

export const checkoutRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/carts/:cartId/checkout",
    access: "token",
    tag: "Checkout",
    summary: "Turn a cart into an unpaid order",
    body: checkoutBody,
    responses: { 201: placedOrderAnswer, ...commonErrors },
    handle: checkout,
  }),
];

async function checkout(call: Call<Static<typeof checkoutBody>>): Promise<Reply> {
  const { data } = call.body;
  const { billing_address: billing, shipping_address: shipping } = data;
  const invalid = [
    ...addressProblems(billing, "data.billing_address"),
    ...(shipping ? addressProblems(shipping, "data.shipping_address") : []),
    ...invalidCustomFields(call, "orders", data, { creating: true }),
  ];
  if (invalid.length > 0) return invalidBody(invalid);
  const buyer = await buyerOf(call);
  if ("status" in buyer) return buyer;
  const fields = customFieldsOf(call, "orders", data);
  const currency = call.header("x-moltin-currency");
  const placed = await checkOut(call.deps, call.context, {
    cartId: call.params.cartId as string,
    ...buyer,
    billingAddress: addressOf(billing),
    ...(shipping && { shippingAddress: addressOf(shipping) }),
    ...(data.order_number !== undefined && { orderNumber: String(data.order_number) }),
    ...(data.external_ref !== undefined && { externalRef: data.external_ref }),
    ...(currency !== undefined && { currency }),
    ...(fields && { fields }),
  });
  if (!placed.ok) return refused(placed.error);
  const { store } = call.context;
  return {
    status: 201,
    body: {
      data: renderOrder(store, placed.value),
      included: { items: renderOrderItems(store, placed.value) },
    },
  };
}

type Buyer = Pick<CheckOut, "buyer" | "accountId" | "accountMemberId">;

/** Who buys: a customer by id, anybody by name and e-mail, or an account through its contact. */
async function buyerOf(call: Call<Static<typeof checkoutBody>>): Promise<Buyer | Reply> {
  const { customer, account, contact } = call.body.data;
  const { actor, store } = call.context;
  if (account) {
    if (actor.kind !== "shop") return forbidden("Naming an account needs client credentials");
    if (!contact) return invalidBody([missing("data.contact")]);
    const { accounts } = call.deps.storage;
    const known = await accounts.load(store.storeId, account.id);
    if (!known) return refused({ type: "account_not_found", accountId: account.id });
    if (account.member_id !== undefined && !(await accounts.loadMember(store.storeId, account.member_id))) {
      return badRequest("The account member does not exist");
    }
    return {
      buyer: contact,
      accountId: account.id,
      ...(account.member_id !== undefined && { accountMemberId: account.member_id }),
    };
  }
  if (actor.accountId !== undefined) {
    if (!contact) return invalidBody([missing("data.contact")]);
    return { buyer: contact };
  }
  if (!customer) return invalidBody([missing("data.customer")]);
  if (customer.id !== undefined) {
    // A customer's name and orders are theirs: an id alone is no proof when another customer has signed in.
    if (actor.kind === "shopper" && actor.customerId !== undefined && actor.customerId !== customer.id) {
      return forbidden("Customer does not have the required permissions to fulfill this request");
    }
    return { buyer: { customerId: customer.id } };
  }
  const { name, email } = customer;
  if (email === undefined || name === undefined) {
    return invalidBody([
      ...(email === undefined ? [missing("data.customer.email")] : []),
      ...(name === undefined ? [missing("data.customer.name")] : []),
    ]);
  }
  return { buyer: { name, email } };
}

const missing = (path: string): InvalidMember => ({
  path,
  keyword: "required",
  expected: path,
  value: undefined,
});

/** Addresses name a region or a county, whichever the country has. */
export function addressProblems(address: Static<typeof addressBody>, path: string): InvalidMember[] {
  return address.region || address.county ? [] : [missing(`${path}.region`)];
}

const addressKeys = [
  "first_name",
  "last_name",
  "line_1",
  "postcode",
  "country",
  "region",
  "county",
  "city",
  "line_2",
  "line_3",
  "company_name",
  "phone_number",
  "instructions",
] as const;

/** The members of an address that are known, and no others. */
export function addressOf<Body extends object>(body: Body): Body & Address {
  const known = addressKeys.flatMap((key) => {
    const value = (body as Record<string, unknown>)[key];
    return typeof value === "string" ? [[key, value]] : [];
  });
  return Object.fromEntries(known);
}
