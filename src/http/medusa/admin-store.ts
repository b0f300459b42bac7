import Type from "typebox";
import type { Result } from "../../domain/result.ts";
import type { StoreConfig } from "../../operations/context.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type StoreChanges, setCurrencyTax, updateStore } from "../../operations/save-store.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { allCurrencyCodes, currencySchema } from "./currencies.ts";
import { refused } from "./errors.ts";
import { pageReply } from "./pages.ts";
import { providerSchema, renderStoreCurrency } from "./render-region.ts";
import {
  paymentProviders,
  renderStore,
  renderWholeStore,
  storeSchema,
  wholeStoreSchema,
} from "./render-store.ts";
import { bodyOf, error, given, listOf, metadata, nullable, one, plainText, text } from "./schemas.ts";

const tag = "Admin: store";
const code = Type.String({ minLength: 3, maxLength: 3 });
const answers = { 200: one("store", storeSchema), 400: error, 401: plainText, 404: error, 422: error };

const updateBody = bodyOf({
  name: given(text(255)),
  swap_link_template: Type.Optional(nullable(text(2000))),
  payment_link_template: Type.Optional(nullable(text(2000))),
  invite_link_template: Type.Optional(nullable(text(2000))),
  default_currency_code: given(code),
  currencies: given(Type.Array(code, { maxItems: 200 })),
  metadata: Type.Optional(nullable(metadata)),
});

/** What a merchant decides about the store itself, and its currencies. */
export const adminStoreRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/store",
    access: "shop",
    tag,
    summary: "The store, with what it can do",
    responses: { 200: one("store", wholeStoreSchema), 401: plainText },
    handle: async ({ deps, context }) => ({
      status: 200,
      body: { store: await renderWholeStore(deps, context.store) },
    }),
  }),
  route({
    method: "POST",
    path: "/admin/store",
    access: "shop",
    tag,
    summary: "Change the store",
    body: updateBody,
    responses: answers,
    handle: (call) => {
      const { body } = call;
      return changed(call, {
        ...(body.name != null && { name: body.name }),
        ...(body.currencies != null && { currencies: body.currencies }),
        ...(body.default_currency_code != null && { defaultCurrency: body.default_currency_code }),
        storefront: {
          ...(body.swap_link_template !== undefined && { swapLink: body.swap_link_template }),
          ...(body.payment_link_template !== undefined && { paymentLink: body.payment_link_template }),
          ...(body.invite_link_template !== undefined && { inviteLink: body.invite_link_template }),
          ...(body.metadata !== undefined && { metadata: body.metadata }),
        },
      });
    },
  }),
  route({
    method: "POST",
    path: "/admin/store/currencies/:code",
    access: "shop",
    tag,
    summary: "Add a currency",
    responses: answers,
    handle: (call) => changed(call, { addCurrency: call.params.code as string }),
  }),
  route({
    method: "DELETE",
    path: "/admin/store/currencies/:code",
    access: "shop",
    tag,
    summary: "Take a currency away",
    responses: answers,
    handle: (call) => changed(call, { removeCurrency: call.params.code as string }),
  }),
  route({
    method: "GET",
    path: "/admin/store/payment-providers",
    access: "shop",
    tag,
    summary: "Ways to be paid",
    responses: { 200: Type.Object({ payment_providers: Type.Array(providerSchema) }), 401: plainText },
    handle: async ({ deps, context }) => ({
      status: 200,
      body: { payment_providers: await paymentProviders(deps, context.store) },
    }),
  }),
  route({
    method: "GET",
    path: "/admin/store/tax-providers",
    access: "shop",
    tag,
    summary: "Who says what tax is due, besides the tax rates here: nobody",
    responses: { 200: Type.Object({ tax_providers: Type.Array(providerSchema) }), 401: plainText },
    handle: async () => ({ status: 200, body: { tax_providers: [] } }),
  }),
  route({
    method: "GET",
    path: "/admin/currencies",
    access: "shop",
    tag,
    summary: "List all currencies there are",
    query: ["code", "includes_tax", "q", "order", "limit", "offset"],
    responses: { 200: listOf("currencies", currencySchema), 400: error, 401: plainText },
    handle: async (call) => {
      const { store } = call.context;
      // In the order of their codes, which the page turns around.
      const rows = [...allCurrencyCodes()].reverse().map((currency) => renderStoreCurrency(currency, store));
      const filters = ["code", "includes_tax"] as const;
      return pageReply(call, { name: "currencies", rows, searched: ["code", "name"], filters, limit: 20 });
    },
  }),
  route({
    method: "POST",
    path: "/admin/currencies/:code",
    access: "shop",
    tag,
    summary: "Say whether prices in a currency include tax",
    body: bodyOf({ includes_tax: given(Type.Boolean()) }),
    responses: { 200: one("currency", currencySchema), 400: error, 401: plainText },
    handle: async ({ deps, context, params, body }) => {
      const currency = params.code as string;
      const present = context.store.currencies.find((one) => one.code === currency.toUpperCase());
      const includesTax = body.includes_tax ?? present?.includesTax ?? false;
      const saved = await setCurrencyTax(deps, context, currency, includesTax);
      if (!saved.ok) return refused(saved.error);
      return { status: 200, body: { currency: renderStoreCurrency(currency, saved.value) } };
    },
  }),
];

async function changed({ deps, context }: Omit<Call, "body">, changes: StoreChanges): Promise<Reply> {
  const saved: Result<StoreConfig, Refusal> = await updateStore(deps, context, changes);
  if (!saved.ok) return refused(saved.error);
  return { status: 200, body: { store: await renderStore(deps, saved.value) } };
}
