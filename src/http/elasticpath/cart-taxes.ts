import Type, { type Static } from "typebox";
import type { CartTax } from "../../domain/cart/cart.ts";
import { changedTax } from "../../domain/cart/taxes.ts";
import { addTaxes, removeTax, removeTaxes, updateTax, type WantedTax } from "../../operations/cart-taxes.ts";
import { getCart } from "../../operations/get-cart.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { taxBody, taxItem } from "./cart-schemas.ts";
import { errorReply, problem, refused, wireErrorOf } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { renderTax } from "./render-cart.ts";
import { commonErrors, one, requiredText } from "./schemas.ts";

const item = "/v2/carts/:cartId/items/:itemId/taxes";
const body = Type.Object({ data: taxBody });

const bulkEntry = Type.Object({
  ...taxBody.properties,
  relationships: Type.Object({
    item: Type.Object({
      data: Type.Object({
        type: Type.Optional(Type.Union([Type.Literal("cart_item"), Type.Literal("custom_item")])),
        id: requiredText(),
      }),
    }),
  }),
});
const bulkBody = Type.Object({
  data: Type.Array(bulkEntry, { minItems: 1, maxItems: 500 }),
  options: Type.Optional(Type.Object({ add_all_or_nothing: Type.Optional(Type.Boolean()) })),
});

export const cartTaxRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: item,
    access: "shop",
    tag: "Cart taxes",
    summary: "Add a tax to an item",
    body,
    responses: { 201: one(taxItem), ...commonErrors },
    async handle(call) {
      const { cartId, itemId } = call.params as { cartId: string; itemId: string };
      const invalid = taxProblem(call.body.data, "data");
      if (invalid.length > 0) return invalidBody(invalid);
      const tax = newTax(call, call.body.data);
      const taxes: WantedTax[] = [{ itemId, tax }];
      const added = await addTaxes(call.deps, call.context, { cartId, taxes, allOrNothing: true });
      return added.ok ? { status: 201, body: { data: renderTax(tax) } } : refused(added.error);
    },
  }),
  route({
    method: "PUT",
    path: `${item}/:taxId`,
    access: "shop",
    tag: "Cart taxes",
    summary: "Update a tax of an item",
    body,
    responses: { 200: one(taxItem), ...commonErrors },
    async handle(call) {
      const { cartId, itemId, taxId } = call.params as { cartId: string; itemId: string; taxId: string };
      const { type: _, ...change } = call.body.data;
      const found = await getCart(call.deps, call.context, cartId);
      if (!found.ok) return refused(found.error);
      const line = found.value.cart.items.find((candidate) => candidate.id === itemId);
      if (!line) return refused({ type: "cart_item_not_found", itemIds: [itemId] });
      const present = line.taxes.find((tax) => tax.id === taxId);
      if (!present) return refused({ type: "tax_not_found", taxId });
      const changed = changedTax(present, change);
      const invalid = taxProblem(changed, "data");
      if (invalid.length > 0) return invalidBody(invalid);
      const updated = await updateTax(call.deps, call.context, { cartId, itemId, taxId, change });
      return updated.ok ? { status: 200, body: { data: renderTax(changed) } } : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path: `${item}/:taxId`,
    access: "shop",
    tag: "Cart taxes",
    summary: "Remove a tax from an item",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { cartId, itemId, taxId } = call.params as { cartId: string; itemId: string; taxId: string };
      const removed = await removeTax(call.deps, call.context, { cartId, itemId, taxId });
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
  route({
    method: "POST",
    path: "/v2/carts/:cartId/taxes",
    access: "shop",
    tag: "Cart taxes",
    summary: "Add taxes to several items",
    body: bulkBody,
    responses: {
      201: Type.Object({
        data: Type.Array(taxItem),
        errors: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
      }),
      ...commonErrors,
    },
    handle: addBulk,
  }),
  route({
    method: "DELETE",
    path: "/v2/carts/:cartId/taxes",
    access: "shop",
    tag: "Cart taxes",
    summary: "Remove all taxes from a cart",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const removed = await removeTaxes(call.deps, call.context, call.params.cartId as string);
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
];

async function addBulk(call: Call<Static<typeof bulkBody>>): Promise<Reply> {
  const invalid = call.body.data.flatMap((entry, index) => taxProblem(entry, `data.${index}`));
  if (invalid.length > 0) return invalidBody(invalid);
  const taxes = call.body.data.map((entry): WantedTax => {
    const { type, id } = entry.relationships.item.data;
    return {
      itemId: id,
      ...(type !== undefined && { kind: type === "custom_item" ? "custom" : "product" }),
      tax: newTax(call, entry),
    };
  });
  const allOrNothing = call.body.options?.add_all_or_nothing ?? false;
  const added = await addTaxes(call.deps, call.context, {
    cartId: call.params.cartId as string,
    taxes,
    allOrNothing,
  });
  if (!added.ok) {
    if (!allOrNothing) return refused(added.error);
    const why = wireErrorOf(added.error);
    const all = problem(
      422,
      "Add all or nothing.",
      "Add all or nothing set to (true). Could not bulk add tax items to cart.",
    );
    const errors = (all.body as { errors: (typeof why)[] }).errors;
    return errorReply([...errors, why]);
  }
  const refusedTaxes = new Set(added.value.refusals.map(({ wanted }) => wanted.tax.id));
  const errors = added.value.refusals.map(({ refusal }) => wireErrorOf(refusal));
  return {
    status: 201,
    body: {
      data: taxes.filter(({ tax }) => !refusedTaxes.has(tax.id)).map(({ tax }) => renderTax(tax)),
      ...(errors.length > 0 && { errors }),
    },
  };
}

/** A tax as a request describes it, with an id of its own. */
export function newTax(call: Pick<Call, "deps">, tax: Static<typeof taxBody>): CartTax {
  const { name, jurisdiction, code, rate, amount } = tax;
  return {
    id: call.deps.newId(),
    ...(name !== undefined && { name }),
    ...(jurisdiction !== undefined && { jurisdiction }),
    ...(code !== undefined && { code }),
    ...(typeof rate === "number" && { rate }),
    ...(typeof amount === "number" && { amount }),
  };
}

/** A tax has a rate or an amount: exactly one of them. */
export function taxProblem(tax: { rate?: unknown; amount?: unknown }, path: string): InvalidMember[] {
  const given = [tax.rate, tax.amount].filter((value) => value !== undefined && value !== null).length;
  if (given === 1) return [];
  return given === 0
    ? [{ path: `${path}.rate`, keyword: "required", expected: "rate", value: undefined }]
    : [{ path: `${path}.amount`, keyword: "oneOf", expected: "rate or amount", value: undefined }];
}
