import Type, { type Static } from "typebox";
import type { Cart, CustomDiscount } from "../../domain/cart/cart.ts";
import { type CustomDiscountChange, customDiscountsAt } from "../../domain/cart/custom-discounts.ts";
import {
  addDiscounts,
  removeDiscount,
  removeDiscounts,
  updateDiscount,
  type WantedDiscount,
} from "../../operations/cart-custom-discounts.ts";
import { formatFor } from "../../operations/context.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { type InvalidMember, validatorOf } from "../validation.ts";
import {
  customDiscount,
  customDiscountChange,
  customDiscountEntry,
  looseBody,
  shownCartDiscounts,
  shownDiscountChange,
  shownItemDiscounts,
} from "./custom-discount-schemas.ts";
import { refused, wireErrorOf } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { renderCustomDiscount } from "./render-custom-discount.ts";
import { commonErrors, one } from "./schemas.ts";

/** Entries of one bulk request. */
const MAX_BULK = 500;

const checkEntry = validatorOf(customDiscountEntry);
const checkChange = validatorOf(customDiscountChange);

const tag = "Custom discounts";
const added = Type.Object({
  data: Type.Union([customDiscount, Type.Array(customDiscount)]),
  errors: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
});

/** Discounts of other engines: on the cart as a whole, and the same on one of its items. */
export const customDiscountRoutes: readonly Route[] = [
  ...["/v2/carts/:cartId/custom-discounts", "/v2/carts/:cartId/items/:itemId/custom-discounts"].flatMap(
    (path) => {
      const holder = path.includes("/items/") ? "an item" : "a cart";
      return [
        route({
          method: "POST",
          path,
          access: "token",
          tag,
          summary:
            holder === "a cart"
              ? "Add one or several custom discounts to a cart; those that name an item go onto it"
              : "Add one or several custom discounts to an item",
          body: looseBody,
          shownBody: holder === "a cart" ? shownCartDiscounts : shownItemDiscounts,
          responses: { 201: added, ...commonErrors },
          handle: add,
        }),
        route({
          method: "PUT",
          path: `${path}/:discountId`,
          access: "token",
          tag,
          summary: `Update a custom discount of ${holder}`,
          body: looseBody,
          shownBody: shownDiscountChange,
          responses: { 200: one(customDiscount), ...commonErrors },
          handle: update,
        }),
        route({
          method: "DELETE",
          path: `${path}/:discountId`,
          access: "token",
          tag,
          summary: `Remove a custom discount from ${holder}`,
          responses: { 204: null, ...commonErrors },
          async handle(call) {
            const removed = await removeDiscount(call.deps, call.context, placeOf(call));
            return removed.ok ? { status: 204 } : refused(removed.error);
          },
        }),
      ];
    },
  ),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId/custom-discounts",
    access: "token",
    tag,
    summary: "Remove all custom discounts from a cart and its items",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const removed = await removeDiscounts(call.deps, call.context, call.params.cartId as string);
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
];

type Loose = Static<typeof looseBody>;

function placeOf({ params }: Pick<Call, "params">) {
  const { cartId, itemId, discountId } = params as { cartId: string; discountId: string; itemId?: string };
  return { cartId, itemId, discountId };
}

async function add(call: Call<Loose>): Promise<Reply> {
  const { data, options } = call.body;
  const bulk = Array.isArray(data);
  const entries = (bulk ? data : [data]).map(withPlainAmount);
  const invalid = bulk ? lengthProblems(entries) : [];
  invalid.push(...entries.flatMap((entry, index) => checkEntry(entry, bulk ? `data.${index}` : "data")));
  if (invalid.length > 0) return invalidBody(invalid);

  const { cartId, itemId } = placeOf(call);
  const discounts = (entries as Static<typeof customDiscountEntry>[]).map((entry): WantedDiscount => {
    const { amount, description, currency, relationships } = entry;
    const discount: CustomDiscount = {
      id: call.deps.newId(),
      externalId: entry.external_id,
      engine: entry.discount_engine,
      amount,
      description,
      code: entry.discount_code,
    };
    return { itemId: itemId ?? relationships?.item?.data.id, discount, currency };
  });
  const allOrNothing = options?.add_all_or_nothing ?? false;
  const done = await addDiscounts(call.deps, call.context, { cartId, discounts, allOrNothing });
  if (!done.ok) return refused(done.error);
  const { cart, refusals } = done.value;
  const refusedIds = new Set(refusals.map(({ wanted }) => wanted.discount.id));
  const rendered = discounts
    .filter(({ discount }) => !refusedIds.has(discount.id))
    .map(({ itemId, discount }) => rendering(call, cart, itemId, discount));
  const errors = refusals.map(({ refusal }) => wireErrorOf(refusal));
  return {
    status: 201,
    body: { data: bulk ? rendered : rendered[0], ...(errors.length > 0 && { errors }) },
  };
}

async function update(call: Call<Loose>): Promise<Reply> {
  const body = withPlainAmount(call.body.data);
  const invalid = checkChange(body, "data");
  if (invalid.length > 0) return invalidBody(invalid);
  const data = body as Static<typeof customDiscountChange>;
  const change: CustomDiscountChange = {
    ...(data.external_id !== undefined && { externalId: data.external_id }),
    ...(data.discount_engine !== undefined && { engine: data.discount_engine }),
    ...(data.amount !== undefined && { amount: data.amount }),
    ...(data.description !== undefined && { description: data.description }),
    ...(data.discount_code !== undefined && { code: data.discount_code }),
  };
  const place = placeOf(call);
  const done = await updateDiscount(call.deps, call.context, { ...place, change, currency: data.currency });
  if (!done.ok) return refused(done.error);
  const changed = customDiscountsAt(done.value, place)?.find(({ id }) => id === place.discountId);
  const discount = changed as CustomDiscount;
  return { status: 200, body: { data: rendering(call, done.value, place.itemId, discount) } };
}

function rendering(call: Call<Loose>, cart: Cart, itemId: string | undefined, discount: CustomDiscount) {
  const line = cart.items.find((item) => item.id === itemId);
  return renderCustomDiscount(discount, formatFor(call.context.store, cart.currency as string), line);
}

/** An amount may come as a number, or as an answer shows it: an object, with its currency. */
function withPlainAmount(entry: unknown): unknown {
  if (entry === null || typeof entry !== "object") return entry;
  const { currency: _, amount, ...rest } = entry as { currency?: unknown; amount?: unknown };
  if (amount === undefined) return rest;
  if (amount === null || typeof amount !== "object") return { ...rest, amount };
  const inner = amount as { amount?: unknown; currency?: unknown };
  return { ...rest, amount: inner.amount, ...(inner.currency !== undefined && { currency: inner.currency }) };
}

function lengthProblems({ length }: readonly unknown[]): InvalidMember[] {
  if (length === 0) return [{ path: "data", keyword: "minItems", expected: 1, value: [] }];
  return length > MAX_BULK
    ? [{ path: "data", keyword: "maxItems", expected: MAX_BULK, value: undefined }]
    : [];
}
