import Type, { type Static } from "typebox";
import type { StoreCurrency } from "../../operations/context.ts";
import {
  type CurrencyDetails,
  createCurrency,
  deleteCurrency,
  updateCurrency,
} from "../../operations/save-currency.ts";
import { type Call, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { shortListReply } from "./list-reply.ts";
import { commonErrors, one, page, requiredText, text, timestamps } from "./schemas.ts";

const details = {
  code: Type.String({ pattern: "^[A-Z]{3}$" }),
  exchange_rate: Type.Number({ minimum: 0, maximum: 1_000_000_000 }),
  format: requiredText(64),
  decimal_point: text(8),
  thousand_separator: text(8),
  // Only what is shown; what an amount is worth follows from the code alone.
  decimal_places: Type.Integer({ minimum: 0, maximum: 6 }),
  default: Type.Boolean(),
  enabled: Type.Boolean(),
};
const type = Type.Literal("currency");

const createBody = one(Type.Object({ type: Type.Optional(type), ...details }));
const updateBody = one(Type.Partial(Type.Object({ type, ...details })));

const currencySchema = Type.Object({
  id: Type.String(),
  type,
  ...details,
  links: Type.Object({ self: Type.String() }),
  meta: Type.Object({ timestamps, owner: Type.Literal("store") }),
});

const tag = "Currencies";
const path = "/v2/currencies/:currencyId";

export const currencyRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/currencies",
    access: "token",
    tag,
    summary: "List the currencies of the store",
    responses: { 200: page(currencySchema), ...commonErrors },
    async handle(call) {
      return shortListReply(
        call,
        call.context.store.currencies.map((currency) => renderCurrency(call, currency)),
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/currencies",
    access: "shop",
    tag,
    summary: "Add a currency",
    body: createBody,
    responses: { 201: one(currencySchema), ...commonErrors },
    async handle(call) {
      const { data } = call.body;
      const created = await createCurrency(call.deps, call.context, {
        code: data.code,
        format: data.format,
        decimalPoint: data.decimal_point,
        thousandSeparator: data.thousand_separator,
        decimalPlaces: data.decimal_places,
        exchangeRate: data.exchange_rate,
        isDefault: data.default,
        enabled: data.enabled,
      });
      if (!created.ok) return refused(created.error);
      return { status: 201, body: { data: renderCurrency(call, created.value) } };
    },
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get a currency",
    responses: { 200: one(currencySchema), ...commonErrors },
    async handle(call) {
      const currencyId = call.params.currencyId as string;
      const currency = call.context.store.currencies.find(({ id }) => id === currencyId);
      if (!currency) return refused({ type: "currency_not_found", currencyId });
      return { status: 200, body: { data: renderCurrency(call, currency) } };
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a currency",
    body: updateBody,
    responses: { 200: one(currencySchema), ...commonErrors },
    async handle(call) {
      const changes = changesOf(call.body.data);
      const { currencyId = "" } = call.params;
      const updated = await updateCurrency(call.deps, call.context, currencyId, changes);
      if (!updated.ok) return refused(updated.error);
      return { status: 200, body: { data: renderCurrency(call, updated.value) } };
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a currency",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { currencyId = "" } = call.params;
      const deleted = await deleteCurrency(call.deps, call.context, currencyId);
      return deleted.ok ? { status: 204 } : refused(deleted.error);
    },
  }),
];

function changesOf(data: Static<typeof updateBody>["data"]): Partial<CurrencyDetails> {
  return {
    ...(data.code !== undefined && { code: data.code }),
    ...(data.format !== undefined && { format: data.format }),
    ...(data.decimal_point !== undefined && { decimalPoint: data.decimal_point }),
    ...(data.thousand_separator !== undefined && { thousandSeparator: data.thousand_separator }),
    ...(data.decimal_places !== undefined && { decimalPlaces: data.decimal_places }),
    ...(data.exchange_rate !== undefined && { exchangeRate: data.exchange_rate }),
    ...(data.default !== undefined && { isDefault: data.default }),
    ...(data.enabled !== undefined && { enabled: data.enabled }),
  };
}

function renderCurrency(call: Pick<Call, "baseUrl">, currency: StoreCurrency): Static<typeof currencySchema> {
  return {
    id: currency.id,
    type: "currency",
    code: currency.code,
    exchange_rate: currency.exchangeRate,
    format: currency.format,
    decimal_point: currency.decimalPoint,
    thousand_separator: currency.thousandSeparator,
    decimal_places: currency.decimalPlaces,
    default: currency.isDefault,
    enabled: currency.enabled,
    links: { self: `${call.baseUrl}/v2/currencies/${currency.id}` },
    meta: { timestamps: { created_at: currency.createdAt, updated_at: currency.updatedAt }, owner: "store" },
  };
}
