import type { BraintreeClient, BraintreeResult, BraintreeTransaction } from "braintree";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { FoundOutcome, Gateway, GatewayCall, GatewayQuestion } from "../gateway.ts";
import { toBraintreeAmount } from "./braintree-amount.ts";
import { accountOf, callBraintree, typeOf } from "./braintree-client.ts";
import { braintreeEvents } from "./braintree-events.ts";
import { merchantAccounts } from "./braintree-merchant-account.ts";
import {
  captureFound,
  conflictOf,
  declined,
  isCaptured,
  outcomeOfError,
  outcomeOfRefund,
  outcomeOfStart,
  refundByRelease,
  refusalOf,
  sameAmount,
  voidFound,
} from "./braintree-outcome.ts";
import { braintreeOrderId, releaseReference } from "./braintree-reference.ts";
import { saleOf } from "./braintree-sale.ts";

export type BraintreeGatewayOptions = {
  /** Where Braintree's API is, `http://127.0.0.1:12111`; the environment's own address when absent. */
  readonly apiBase?: string;
  /** Milliseconds until an answer counts as lost. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 15_000;

/**
 * Cards and wallets by Braintree. A payment is a transaction that carries our order's and operation's ids as its order
 * id, by which it is found again; refunds are found through the payment. The operation's id is also the request key,
 * with which Braintree carries a request out once; for a merchant that may not use request keys the calls go without, and
 * what became of a lost one is asked before anything is sent again.
 */
export function braintreeGateway(options: BraintreeGatewayOptions = {}): Gateway {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const accounts = merchantAccounts();
  const withoutKeys = new Set<string>();

  const ask = async <Value>(
    of: GatewayQuestion,
    send: (client: BraintreeClient) => Promise<Value>,
  ): Promise<Value> => {
    const account = accountOf(of.settings, options.apiBase);
    if (!account) throw new Error("The gateway has no keys to ask with");
    return callBraintree(account, of, deadlineMs, send);
  };

  type Send = (client: BraintreeClient, key: { apiRequestKey?: string }) => Promise<BraintreeResult>;

  /** Carries something out; where Braintree says that things have moved on, what became of it decides. */
  const carryOut = async (
    of: GatewayCall,
    send: Send,
    read: (transaction: BraintreeTransaction) => FoundOutcome,
    unsettled?: () => Promise<GatewayOutcome>,
    keySuffix = "",
  ): Promise<GatewayOutcome> => {
    const account = accountOf(of.settings, options.apiBase);
    if (!account) {
      return declined("gateway_not_configured", "The shop has not set the gateway up, or not completely");
    }
    const { merchantId } = account;
    if (withoutKeys.has(merchantId)) {
      const found = await find(of);
      if (found.kind !== "absent") return found;
    }
    const sendOnce = (): Promise<{ result: BraintreeResult; conflict: ReturnType<typeof conflictOf> }> =>
      ask(of, async (client) => {
        const key = withoutKeys.has(merchantId) ? {} : { apiRequestKey: `${of.key}${keySuffix}` };
        const result = await send(client, key);
        return { result, conflict: conflictOf(result) };
      });
    try {
      let { result, conflict } = await sendOnce();
      if (conflict === "no_keys" && !withoutKeys.has(merchantId)) {
        withoutKeys.add(merchantId);
        ({ result, conflict } = await sendOnce());
      }
      if (conflict === "unsettled" && unsettled) return await unsettled();
      if (conflict !== undefined) {
        const found = await find(of);
        if (found.kind !== "absent") return found;
      }
      if (!result.success || !result.transaction) return refusalOf(result);
      const outcome = read(result.transaction);
      return outcome.kind === "absent" ? { kind: "unknown", reason: "nothing came of the call" } : outcome;
    } catch (error) {
      if (error instanceof Refused) return error.outcome;
      const outcome = outcomeOfError(error);
      if (outcome) return outcome;
      throw error;
    }
  };

  const start = (of: GatewayCall, submitForSettlement: boolean): Promise<GatewayOutcome> =>
    carryOut(
      of,
      async (client, key) => {
        const sale = saleOf(of);
        if (!sale)
          throw new Refused("payment_method_missing", "Send a Braintree nonce or token as `payment`");
        const { merchant_id: owner, public_key: who, merchant_account_id: wanted } = of.settings;
        const merchantAccountId = await accounts.find(
          client,
          `${owner} ${who}`,
          of.currency,
          typeof wanted === "string" ? wanted : undefined,
        );
        if (merchantAccountId === undefined) {
          throw new Refused(
            "currency_not_accepted",
            `The shop has no merchant account at Braintree for ${of.currency}`,
          );
        }
        return client.transaction.sale({
          ...sale,
          ...key,
          merchantAccountId,
          options: { submitForSettlement },
        });
      },
      outcomeOfStart,
    );

  /** Before a capture has settled it cannot be refunded in part, and in full only by releasing it. */
  const releaseInstead = async (of: GatewayCall): Promise<GatewayOutcome> => {
    const transaction = await retrieve(of);
    if (transaction && isCaptured(transaction.status) && (transaction.refundIds?.length ?? 0) === 0) {
      if (sameAmount(of, transaction.amount)) {
        return carryOut(
          of,
          (client, key) => client.transaction.void(transaction.id, key),
          () => ({ kind: "approved", reference: releaseReference(transaction.id) }),
          undefined,
          "-void",
        );
      }
    }
    return declined(
      "payment_not_settled",
      "Braintree refunds a part of a payment only after it has settled, mostly within a day; all of it can be refunded now",
    );
  };

  const retrieve = (of: GatewayCall, id = of.reference): Promise<BraintreeTransaction | undefined> =>
    ask(of, async (client) => {
      try {
        return id === undefined || id === "" ? undefined : await client.transaction.find(id);
      } catch (error) {
        if (typeOf(error) === "notFoundError") return undefined;
        throw error;
      }
    });

  const find = async (of: GatewayCall): Promise<FoundOutcome> => {
    if (of.operation === "refund") return findRefund(of);
    const transaction = of.reference === undefined ? await findByOrderId(of) : await retrieve(of);
    if (!transaction) return { kind: "absent" };
    if (of.operation === "capture") return captureFound(of, transaction);
    return of.operation === "void" ? voidFound(transaction) : outcomeOfStart(transaction);
  };

  const findByOrderId = (of: GatewayCall): Promise<BraintreeTransaction | undefined> =>
    ask(of, async (client) => {
      const wanted = braintreeOrderId(of);
      let found: BraintreeTransaction | undefined;
      for await (const each of client.transaction.search((search) => search.orderId().is(wanted))) {
        if (each.orderId !== wanted || each.type !== "sale") continue;
        // Without request keys two may have been made in an accident: the one with money counts.
        if (!found || outcomeOfStart(found).kind === "declined") found = each;
      }
      return found;
    });

  const findRefund = async (of: GatewayCall): Promise<FoundOutcome> => {
    const payment = await retrieve(of);
    if (!payment) return { kind: "absent" };
    for (const id of payment.refundIds ?? []) {
      const refund = await retrieve(of, id);
      if (refund?.orderId === braintreeOrderId(of)) return outcomeOfRefund(refund);
    }
    return refundByRelease(of, payment);
  };

  return {
    slug: "braintree",
    name: "Braintree",
    local: false,
    methods: ["authorize", "purchase"],
    settings: [
      { name: "environment", type: "text", secret: false },
      { name: "merchant_id", type: "text", secret: false },
      { name: "merchant_account_id", type: "text", secret: false },
      { name: "public_key", type: "text", secret: false },
      { name: "private_key", type: "text", secret: true },
    ],
    deadlineMs,
    authorize: (of) => start(of, false),
    purchase: (of) => start(of, true),
    capture: (of) =>
      carryOut(
        of,
        (client, key) => client.transaction.submitForSettlement(of.reference ?? "", amountOf(of), key),
        (transaction) => captureFound(of, transaction),
      ),
    refund: (of) =>
      carryOut(
        of,
        (client, key) =>
          client.transaction.refund(of.reference ?? "", {
            amount: amountOf(of),
            orderId: braintreeOrderId(of),
            ...key,
          }),
        outcomeOfRefund,
        () => releaseInstead(of),
      ),
    void: async (of) => {
      // Braintree would release also what was captured and has not settled, which nobody asked for.
      if (accountOf(of.settings, options.apiBase)) {
        const transaction = await retrieve(of);
        const known = transaction && voidFound(transaction);
        if (known && known.kind !== "absent") return known;
      }
      return carryOut(of, (client, key) => client.transaction.void(of.reference ?? "", key), voidFound);
    },
    find,
    events: braintreeEvents(ask, options.apiBase),
  };
}

/** A no that is found out on the way to the call. */
class Refused extends Error {
  readonly outcome: GatewayOutcome;

  constructor(code: string, message: string) {
    super(message);
    this.outcome = declined(code, message);
  }
}

function amountOf(of: GatewayCall): string {
  return toBraintreeAmount(of.amount, of.currency);
}
