import Type, { type Static } from "typebox";
import { MAX_CODES, MAX_QUANTITY } from "../../domain/cart/cart.ts";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { MAX_RATE } from "../../domain/pricing/rate.ts";
import { type DraftLine, explainCart, explainDraft } from "../../operations/explain-cart.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { explanationAnswer, problemAnswer, renderExplanation } from "./explanation.ts";
import { invalidBody, problem } from "./problems.ts";

const tag = "Cartwright: prices";
const errors = {
  400: problemAnswer,
  401: problemAnswer,
  403: problemAnswer,
  404: problemAnswer,
  422: problemAnswer,
};

const text = Type.String({ minLength: 1, maxLength: 255 });
const draftTax = Type.Object({
  rate: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_RATE })),
  amount: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_AMOUNT })),
});
const draftLine = Type.Object(
  {
    product_id: Type.Optional(text),
    sku: Type.Optional(text),
    name: Type.Optional(text),
    unit_amount: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_AMOUNT })),
    includes_tax: Type.Optional(Type.Boolean()),
    quantity: Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }),
    taxes: Type.Optional(Type.Array(draftTax, { maxItems: 5 })),
  },
  { description: "A product by `product_id` or `sku`, or anything else by `name` and `unit_amount`" },
);
const draftBody = Type.Object({
  currency: Type.String({ minLength: 3, maxLength: 3 }),
  lines: Type.Array(draftLine, { maxItems: 1000 }),
  codes: Type.Optional(Type.Array(text, { maxItems: MAX_CODES })),
  at: Type.Optional(Type.String({ format: "date-time" })),
});

export const explainRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/cartwright/carts/:cartId/explain",
    access: "token",
    tag,
    summary: "Explain how the price of a cart comes about, step by step",
    responses: { 200: explanationAnswer, ...errors },
    async handle(call) {
      const explained = await explainCart(call.deps, call.context, call.params.cartId as string);
      return explained.ok
        ? { status: 200, body: renderExplanation(call.context, explained.value) }
        : refused(explained.error);
    },
  }),
  route({
    method: "POST",
    path: "/cartwright/carts/explain",
    access: "token",
    tag,
    summary: "Price a cart that is described in the request, without storing anything",
    body: draftBody,
    responses: { 200: explanationAnswer, ...errors },
    idempotency: "none",
    async handle(call) {
      const invalid = call.body.lines.flatMap(lineProblems);
      if (invalid.length > 0) return invalidBody(invalid);
      const { currency, lines, codes = [], at } = call.body;
      const explained = await explainDraft(call.deps, call.context, {
        currency,
        lines: lines.map((line) => draftLineOf(call, line)),
        codes,
        ...(at !== undefined && { at }),
      });
      return explained.ok
        ? { status: 200, body: renderExplanation(call.context, explained.value) }
        : refused(explained.error);
    },
  }),
];

type WireLine = Static<typeof draftLine>;

function lineProblems(line: WireLine, index: number): InvalidMember[] {
  const path = `lines.${index}`;
  const names = [line.product_id, line.sku, line.name].filter((name) => name !== undefined);
  if (names.length !== 1) {
    return [{ path, keyword: "oneOf", expected: ["product_id", "sku", "name"], value: undefined }];
  }
  if (line.name !== undefined && line.unit_amount === undefined) {
    return [{ path: `${path}.unit_amount`, keyword: "required", expected: "unit_amount", value: undefined }];
  }
  return (line.taxes ?? []).flatMap((tax, place) =>
    (tax.rate === undefined) === (tax.amount === undefined)
      ? [{ path: `${path}.taxes.${place}`, keyword: "oneOf", expected: ["rate", "amount"], value: undefined }]
      : [],
  );
}

function draftLineOf({ deps }: Call, line: WireLine): DraftLine {
  const { quantity } = line;
  const taxes = line.taxes?.map((tax) => ({ id: deps.newId(), ...tax }));
  const common = { quantity, ...(taxes && { taxes }) };
  if (line.product_id !== undefined) return { ...common, id: line.product_id };
  if (line.sku !== undefined) return { ...common, sku: line.sku };
  const { name = "", unit_amount: unitAmount = 0, includes_tax: includesTax = true } = line;
  return { ...common, name, unitAmount, includesTax };
}

/** Whatever keeps a cart from being priced, with the refusal's own name as its type. */
function refused(refusal: Refusal): Reply {
  const { type, ...members } = refusal;
  switch (type) {
    case "cart_not_found":
      return problem(404, type, "There is no such cart", members);
    case "cart_not_yours":
      return problem(403, type, "The cart belongs to somebody else", members);
    case "product_not_found":
      return problem(404, type, "There is no such product", members);
    default:
      return problem(422, type, `The cart cannot be priced: ${type.replaceAll("_", " ")}`, members);
  }
}
