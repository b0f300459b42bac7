import { randomBytes } from "node:crypto";
import type { GatewayBooks } from "./conformance.ts";

// What PayPal keeps and refuses, as far as a shop meets it: orders, and what is done about them.

type Money = { readonly currency_code: string; readonly value: string };
type Intent = "CAPTURE" | "AUTHORIZE";
type Part = {
  readonly id: string;
  status: string;
  readonly amount: Money;
  readonly custom_id?: string | undefined;
  readonly invoice_id?: string | undefined;
  readonly final_capture?: boolean;
  readonly expiration_time?: string;
  readonly links?: readonly { readonly rel: string; readonly href: string; readonly method: string }[];
  update_time: string;
};
export type StoredOrder = {
  readonly id: string;
  intent: Intent;
  status: "CREATED" | "APPROVED" | "COMPLETED";
  unit: { amount: Money; custom_id: string; readonly invoice_id?: string | undefined };
  update_time: string;
  readonly body: OrderBody;
  /** The means of payment that the shopper chose is no good. */
  declines: boolean;
  authorizations: Part[];
  captures: Part[];
  refunds: Part[];
};
export type OrderBody = {
  readonly intent: Intent;
  readonly purchase_units: readonly StoredOrder["unit"][];
  readonly application_context: Record<string, string>;
};

/** An answer that is no success, in PayPal's form. */
export class PayPalRefusal extends Error {
  readonly status: number;
  readonly issue: string;

  constructor(issue: string, status = 422) {
    super(issue);
    this.status = status;
    this.issue = issue;
  }
}

const newId = (): string => randomBytes(9).toString("hex").slice(0, 17).toUpperCase();
const cents = ({ value }: Money): number => Math.round(Number(value) * 100);
const sum = (parts: readonly Part[]): number => parts.reduce((total, { amount }) => total + cents(amount), 0);
const wholeOnly = ["HUF", "JPY", "TWD"];
const AUTHORIZATION_DAYS = 29;
const UNIT = "/purchase_units/@reference_id=='default'";

export type PayPalBooks = ReturnType<typeof payPalBooks>;

/** @param told gets what a webhook tells; @param url where PayPal is */
export function payPalBooks(told: (type: string, resource: object) => void, url: () => string) {
  const orders = new Map<string, StoredOrder>();
  const invoices = new Set<string>();
  const moment = (days = 0): string => new Date(Date.now() + days * 86_400_000).toISOString();

  const order = (id: string): StoredOrder => {
    const found = orders.get(id);
    if (!found) throw new PayPalRefusal("INVALID_RESOURCE_ID", 404);
    return found;
  };
  const holding = (kind: "authorizations" | "captures", id: string): [StoredOrder, Part] => {
    for (const each of orders.values()) {
      const part = each[kind].find((candidate) => candidate.id === id);
      if (part) return [each, part];
    }
    throw new PayPalRefusal("INVALID_RESOURCE_ID", 404);
  };
  const bill = (invoice: string): void => {
    if (invoices.has(invoice)) throw new PayPalRefusal("DUPLICATE_INVOICE_ID");
    invoices.add(invoice);
  };
  const change = (part: Part, status: string): void => {
    part.status = status;
    part.update_time = moment();
  };
  const rendered = (part: Part, of: StoredOrder) => ({
    ...part,
    supplementary_data: { related_ids: { order_id: of.id } },
  });

  const show = (of: StoredOrder) => ({
    id: of.id,
    intent: of.intent,
    status: of.status,
    update_time: of.update_time,
    purchase_units: [
      {
        reference_id: "default",
        ...of.unit,
        payments: { authorizations: of.authorizations, captures: of.captures, refunds: of.refunds },
      },
    ],
    links: [
      { rel: "self", href: `${url()}/v2/checkout/orders/${of.id}`, method: "GET" },
      ...(of.status === "COMPLETED"
        ? []
        : [{ rel: "approve", href: `${url()}/checkoutnow?token=${of.id}`, method: "GET" }]),
    ],
  });

  return {
    orders,
    order,
    show,
    create(body: OrderBody): StoredOrder {
      const [unit] = body.purchase_units;
      if (!unit || unit.custom_id.length > 127) throw new PayPalRefusal("INVALID_STRING_LENGTH", 400);
      const { currency_code: currency, value } = unit.amount;
      const decimals = value.split(".")[1]?.length ?? 0;
      if (decimals > (wholeOnly.includes(currency) ? 0 : 2)) {
        throw new PayPalRefusal("DECIMALS_NOT_SUPPORTED");
      }
      if (currency === "XTS") throw new PayPalRefusal("CURRENCY_NOT_SUPPORTED");
      const made: StoredOrder = {
        id: newId(),
        intent: body.intent,
        status: "CREATED",
        unit: { amount: unit.amount, custom_id: unit.custom_id, invoice_id: unit.invoice_id },
        body,
        update_time: moment(),
        declines: false,
        authorizations: [],
        captures: [],
        refunds: [],
      };
      orders.set(made.id, made);
      return made;
    },
    patch(id: string, changes: readonly { readonly path: string; readonly value: unknown }[]): void {
      const of = order(id);
      if (of.status === "COMPLETED") throw new PayPalRefusal("ORDER_ALREADY_COMPLETED");
      for (const { path, value } of changes) {
        if (path === "/intent") of.intent = value as Intent;
        else if (path === `${UNIT}/custom_id`) of.unit.custom_id = String(value);
        else if (path === `${UNIT}/amount`) of.unit.amount = value as Money;
        else throw new PayPalRefusal("NOT_PATCHABLE");
      }
    },
    /** The shopper approves; with a means of payment that is no good, PayPal finds out when the money is wanted. */
    approve(id: string, { declines = false } = {}): StoredOrder {
      const of = order(id);
      if (of.status === "COMPLETED") throw new PayPalRefusal("ORDER_ALREADY_COMPLETED");
      of.status = "APPROVED";
      of.update_time = moment();
      of.declines = declines;
      told("CHECKOUT.ORDER.APPROVED", show(of));
      return of;
    },
    finish(id: string, intent: Intent): StoredOrder {
      const of = order(id);
      if (of.status === "COMPLETED") {
        throw new PayPalRefusal(intent === "CAPTURE" ? "ORDER_ALREADY_CAPTURED" : "ORDER_ALREADY_AUTHORIZED");
      }
      if (of.intent !== intent) throw new PayPalRefusal("ACTION_DOES_NOT_MATCH_INTENT");
      if (of.status !== "APPROVED") throw new PayPalRefusal("ORDER_NOT_APPROVED");
      if (of.declines) throw new PayPalRefusal("INSTRUMENT_DECLINED");
      const { amount, custom_id, invoice_id } = of.unit;
      if (invoice_id !== undefined) bill(invoice_id);
      of.status = "COMPLETED";
      const part = { id: newId(), amount, custom_id, invoice_id, update_time: moment() };
      if (intent === "CAPTURE") {
        of.captures = [{ ...part, status: "COMPLETED", final_capture: true }];
        told("PAYMENT.CAPTURE.COMPLETED", rendered(of.captures[0] as Part, of));
      } else {
        of.authorizations = [{ ...part, status: "CREATED", expiration_time: moment(AUTHORIZATION_DAYS) }];
        told("PAYMENT.AUTHORIZATION.CREATED", rendered(of.authorizations[0] as Part, of));
      }
      return of;
    },
    capture(id: string, body: { amount?: Money; invoice_id?: string; final_capture?: boolean }): Part {
      const [of, authorization] = holding("authorizations", id);
      if (authorization.status === "VOIDED") throw new PayPalRefusal("AUTHORIZATION_VOIDED");
      const isFinal = of.captures.some(({ final_capture }) => final_capture);
      if (authorization.status === "CAPTURED" || isFinal) {
        throw new PayPalRefusal("AUTHORIZATION_ALREADY_CAPTURED");
      }
      const amount = body.amount ?? authorization.amount;
      const left = cents(authorization.amount) - sum(of.captures);
      if (cents(amount) > left) throw new PayPalRefusal("MAX_CAPTURE_AMOUNT_EXCEEDED");
      if (body.invoice_id !== undefined) bill(body.invoice_id);
      const final_capture = body.final_capture ?? cents(amount) === left;
      const made: Part = {
        id: newId(),
        status: "COMPLETED",
        amount,
        custom_id: of.unit.custom_id,
        invoice_id: body.invoice_id ?? of.unit.invoice_id,
        final_capture,
        update_time: moment(),
      };
      of.captures.push(made);
      change(authorization, cents(amount) === left ? "CAPTURED" : "PARTIALLY_CAPTURED");
      told("PAYMENT.CAPTURE.COMPLETED", rendered(made, of));
      return made;
    },
    release(id: string): void {
      const [of, authorization] = holding("authorizations", id);
      if (authorization.status === "VOIDED") throw new PayPalRefusal("PREVIOUSLY_VOIDED");
      const isOver = authorization.status === "CAPTURED" || of.captures.some((one) => one.final_capture);
      if (isOver) throw new PayPalRefusal("PREVIOUSLY_CAPTURED");
      change(authorization, "VOIDED");
      told("PAYMENT.AUTHORIZATION.VOIDED", rendered(authorization, of));
    },
    /** Nobody captured it in time. */
    expire(id: string): void {
      const of = order(id);
      of.authorizations = of.authorizations.map((part) => ({
        ...part,
        status: "VOIDED",
        expiration_time: moment(-1),
        update_time: moment(),
      }));
      told("PAYMENT.AUTHORIZATION.VOIDED", rendered(of.authorizations[0] as Part, of));
    },
    refund(id: string, body: { amount?: Money; invoice_id?: string; custom_id?: string }): Part {
      const [of, capture] = holding("captures", id);
      const up = `${url()}/v2/payments/captures/${id}`;
      const given = sum(of.refunds.filter(({ links }) => links?.[0]?.href === up));
      const left = cents(capture.amount) - given;
      if (left === 0) throw new PayPalRefusal("CAPTURE_FULLY_REFUNDED");
      const amount = body.amount ?? { ...capture.amount, value: (left / 100).toFixed(2) };
      if (cents(amount) > left) throw new PayPalRefusal("REFUND_AMOUNT_EXCEEDED");
      const made: Part = {
        id: newId(),
        status: "COMPLETED",
        amount,
        custom_id: body.custom_id ?? of.unit.custom_id,
        invoice_id: body.invoice_id,
        links: [{ rel: "up", href: up, method: "GET" }],
        update_time: moment(),
      };
      of.refunds.push(made);
      change(capture, cents(amount) === left ? "REFUNDED" : "PARTIALLY_REFUNDED");
      told("PAYMENT.CAPTURE.REFUNDED", made);
      return made;
    },
    showCapture: (id: string) => {
      const [of, capture] = holding("captures", id);
      return rendered(capture, of);
    },
    /** What was moved for one payment of the shop, over all of its orders, in hundredths. */
    of(paymentId: string): GatewayBooks {
      const ours = [...orders.values()].filter(({ unit }) => unit.custom_id.split(":")[1] === paymentId);
      const left = ({ authorizations, captures }: StoredOrder): number => {
        if (captures.some(({ final_capture }) => final_capture)) return 0;
        const held = authorizations.filter(({ status }) => /^(CREATED|PARTIALLY_CAPTURED)$/.test(status));
        return held.length === 0 ? 0 : sum(held) - sum(captures);
      };
      return {
        charges: ours.reduce(
          (count, { authorizations, captures }) => count + (authorizations.length || captures.length),
          0,
        ),
        authorized: ours.reduce((total, one) => total + left(one), 0),
        captured: sum(ours.flatMap(({ captures }) => captures)),
        refunded: sum(ours.flatMap(({ refunds }) => refunds)),
      };
    },
  };
}
