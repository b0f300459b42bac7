import type { PaymentOperationType } from "../../src/domain/order/payment.ts";
import {
  type BookedTransaction,
  type BraintreeLedger,
  braintreeLedger,
  RefusedByBraintree,
} from "./braintree-ledger.ts";
import { type XmlValue, xmlOf, xmlPageOf } from "./braintree-xml.ts";
import { type StandIn, type StandInReply, type StandInRequest, startStandIn } from "./stand-in-server.ts";

/** What the stand-in accepts, as a store's settings name it. */
export const braintreeSettings = {
  environment: "sandbox",
  merchant_id: "the_merchant",
  public_key: "the_public_key",
  private_key: "the_private_key",
};

export type BraintreeServer = StandIn & {
  readonly ledger: BraintreeLedger;
  /** Whether the merchant may use request keys. */
  setKeysAllowed(allowed: boolean): void;
  /** The merchant accounts of the shop: id and currency; the first is the default. */
  setMerchantAccounts(accounts: readonly (readonly [id: string, currency: string])[]): void;
};

type Sent = { readonly transaction?: Readonly<Record<string, unknown>>; readonly search?: Search };
type Search = Readonly<Record<string, { readonly is?: string; readonly min?: string } | readonly string[]>>;

const PAGE = 50;
/** How long an authorization holds. */
const AUTHORIZED_FOR_MS = 7 * 24 * 3_600_000;
const base = `/merchants/${braintreeSettings.merchant_id}`;

/**
 * A stand-in of Braintree's API, as far as the gateway uses it: transactions with request keys, searches, merchant
 * accounts. Payment methods with `declined`, `rejected` or `invalid` in their name are just that.
 */
export async function startBraintreeServer(): Promise<BraintreeServer> {
  const ledger = braintreeLedger();
  const underWay = new Set<string>();
  const done = new Map<string, { readonly request: string; readonly id: string }>();
  let keysAllowed = true;
  let accounts: readonly (readonly [id: string, currency: string])[] = [["the_dollars", "USD"]];

  const carryOut = (request: StandInRequest, body: Sent): BookedTransaction => {
    const [, id, action] = /^\/transactions\/([^/]+)\/(\w+)$/.exec(request.path.slice(base.length)) ?? [];
    const given = body.transaction ?? {};
    const amount = Math.round(Number(given.amount) * 100);
    const orderId = String(given.order_id ?? "");
    if (id === undefined) {
      const account = accounts.find(([name]) => name === given.merchant_account_id);
      if (!account) throw new RefusedByBraintree("91513", "Merchant account ID is invalid.");
      const method = given.payment_method_nonce ?? given.payment_method_token ?? given.customer_id;
      const options = given.options as { readonly submit_for_settlement?: boolean };
      const capture = options.submit_for_settlement === true;
      return ledger.sale({ amount, currency: account[1], orderId }, String(method), capture);
    }
    const transaction = ledger.all.get(id);
    if (!transaction) throw new Missing();
    if (action === "refund") return ledger.refund(transaction, amount, orderId);
    if (action === "void") ledger.void(transaction);
    else ledger.submitForSettlement(transaction, amount);
    return transaction;
  };

  const change = async (request: StandInRequest, hold: () => Promise<void>): Promise<StandInReply> => {
    const body = request.body === "" ? {} : (JSON.parse(request.body) as Sent);
    const key = body.transaction?.api_request_key;
    const text = `${request.path} ${request.body}`;
    if (typeof key === "string") {
      if (!keysAllowed) throw new RefusedByBraintree("915231", "API request key is not allowed.");
      if (underWay.has(key)) throw new RefusedByBraintree("915233", "API request key is in flight.");
    }
    const name = String(key ?? Symbol("no key").toString());
    if (key !== undefined) underWay.add(name);
    try {
      await hold();
      const before = key === undefined ? undefined : done.get(name);
      if (before && before.request !== text) {
        throw new RefusedByBraintree("915232", "API request key can be reused only with the same request.");
      }
      const known = before && ledger.all.get(before.id);
      const transaction = known ?? carryOut(request, body);
      if (key !== undefined) done.set(name, { request: text, id: transaction.id });
      const failed = transaction.code !== undefined || transaction.rejection !== undefined;
      return failed
        ? problem([], "Declined", transaction)
        : xml(201, xmlOf("transaction", shown(transaction)));
    } finally {
      underWay.delete(name);
    }
  };

  const question = (request: StandInRequest): StandInReply => {
    const path = request.path.slice(base.length);
    if (path.startsWith("/merchant_accounts")) {
      const shownAccounts = accounts.map(([id, currencyIsoCode], index) => ({
        id,
        currencyIsoCode,
        status: "active",
        default: index === 0,
      }));
      return xml(200, xmlPageOf("merchantAccounts", "merchant-account", shownAccounts, PAGE));
    }
    const [, id] = /^\/transactions\/([^/]+)$/.exec(path) ?? [];
    const transaction = ledger.all.get(id ?? "");
    if (!transaction) throw new Missing();
    return xml(200, xmlOf("transaction", shown(transaction)));
  };

  const search = (request: StandInRequest): StandInReply => {
    const { search: criteria = {} } = JSON.parse(request.body) as Sent;
    const found = [...ledger.all.values()].filter((transaction) => matches(transaction, criteria));
    if (request.path.endsWith("_ids")) {
      const ids = found.map(({ id }) => id);
      return xml(200, xmlOf("searchResults", { pageSize: PAGE, ids }));
    }
    return xml(200, xmlPageOf("creditCardTransactions", "transaction", found.map(shown), PAGE));
  };

  const standIn = await startStandIn(operationOf, async (request, hold) => {
    const keys = `${braintreeSettings.public_key}:${braintreeSettings.private_key}`;
    if (request.header("authorization") !== `Basic ${Buffer.from(keys).toString("base64")}`) {
      return xml(401, "<no/>");
    }
    try {
      if (request.method === "GET") return question(request);
      return request.path.includes("/advanced_search") ? search(request) : await change(request, hold);
    } catch (error) {
      if (error instanceof Missing) return xml(404, "<no/>");
      if (error instanceof RefusedByBraintree) return problem([error], error.message);
      throw error;
    }
  });
  return {
    ...standIn,
    ledger,
    setKeysAllowed: (allowed) => {
      keysAllowed = allowed;
    },
    setMerchantAccounts: (given) => {
      accounts = given;
    },
  };
}

class Missing extends Error {}

function operationOf({ method, path, body }: StandInRequest): PaymentOperationType | undefined {
  if (method === "GET" || path.includes("/advanced_search")) return undefined;
  if (path.endsWith("/refund")) return "refund";
  if (path.endsWith("/void")) return "void";
  if (path.endsWith("/submit_for_settlement")) return "capture";
  return body.includes('"submit_for_settlement":true') ? "purchase" : "authorize";
}

function matches(transaction: BookedTransaction, criteria: Search): boolean {
  const { id, orderId, createdAt, changedAt, history } = transaction;
  return Object.entries(criteria).every(([name, wanted]) => {
    if (name === "ids") return (wanted as readonly string[]).includes(id);
    const { is, min = "" } = wanted as { readonly is?: string; readonly min?: string };
    if (name === "order_id") return orderId === is;
    if (name === "created_at") return createdAt >= Date.parse(min);
    const status = name.replace(/_at$/, "");
    return history.includes(status) && changedAt >= Date.parse(min);
  });
}

function shown(transaction: BookedTransaction): XmlValue {
  const { id, type, status, amount, currency, orderId, refunded, refunds, history } = transaction;
  const { code, text, rejection, createdAt, changedAt } = transaction;
  return {
    id,
    type,
    status,
    amount: (amount / 100).toFixed(2),
    currencyIsoCode: currency,
    orderId,
    updatedAt: new Date(changedAt).toISOString(),
    authorizationExpiresAt: new Date(createdAt + AUTHORIZED_FOR_MS).toISOString(),
    refundedTransactionId: refunded?.id ?? null,
    refundIds: refunds.map((refund) => refund.id),
    statusHistory: history.map((entry) => ({ status: entry })),
    processorResponseCode: code ?? "1000",
    processorResponseText: text ?? "Approved",
    gatewayRejectionReason: rejection ?? null,
  };
}

function problem(
  refusals: readonly RefusedByBraintree[],
  message: string,
  transaction?: BookedTransaction,
): StandInReply {
  const errors = refusals.map((refusal) => ({
    code: refusal.code,
    attribute: "base",
    message: refusal.message,
  }));
  const answer = {
    errors: { errors: [], transaction: { errors } },
    message,
    ...(transaction && { transaction: shown(transaction) }),
  };
  return xml(422, xmlOf("apiErrorResponse", answer));
}

function xml(status: number, body: string): StandInReply {
  return { status, type: "application/xml; charset=utf-8", body };
}
