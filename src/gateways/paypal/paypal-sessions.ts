import type { CheckoutPaymentIntent, Order, OrderRequest, PatchOp } from "@paypal/paypal-server-sdk";
import type { PaymentSessionStatus } from "../../domain/cart/region-part.ts";
import type { SessionData } from "../../domain/order/pay.ts";
import type { GatewayQuestion, GatewaySessions, SessionCall, SessionState } from "../gateway.ts";
import { payeeOf } from "./paypal-account.ts";
import { toPayPalAmount } from "./paypal-amount.ts";
import { prefer } from "./paypal-client.ts";
import type { PayPalAsking } from "./paypal-events.ts";
import { authorizationOf, capturesOf, isTaken, labelOf, sizeOf, unitOf } from "./paypal-order.ts";
import { orderData } from "./paypal-order-data.ts";
import { isNotFound, isStateConflict } from "./paypal-outcome.ts";
import { readSessionLabel, writeSessionLabel } from "./paypal-session-label.ts";

/** Orders that one session may have had for one amount, each given up before the next. */
const LIVES = 20;
/** The HTTP status of what was made just now, and not repeated. */
const MADE = 201;
const REPLACE = "replace" as PatchOp;
const UNIT = "/purchase_units/@reference_id=='default'";

type Asking = Pick<PayPalAsking, "call" | "retrieve">;

/**
 * An order at PayPal for every session: the storefront gives its id to PayPal's buttons, and the shopper approves it
 * there. That moves no money; completing the cart does, or the storefront's own script, as the original's does. An order
 * that was approved is never changed: over another amount the shopper is asked anew, with another order.
 */
export function paypalSessions(asking: Asking): GatewaySessions {
  return {
    open: (of) => open(asking, of),
    update: (of) => update(asking, of),
    async close(of) {
      const id = idOf(of.data);
      if (id !== undefined) await giveUp(asking, of, id);
    },
  };
}

async function open(asking: Asking, of: SessionCall): Promise<SessionState> {
  const value = moneyValue(of);
  const body = requestOf(of, value);
  // PayPal repeats what it made of a request id, also when that is over: then it is the next one's turn.
  let key = `${of.key}-${value}${of.currency.toUpperCase()}`;
  for (let life = 1; life <= LIVES; life += 1) {
    const paypalRequestId = key;
    const { statusCode, result: made } = await asking.call(of, ({ orders }, as) =>
      orders.createOrder({ body, paypalRequestId, prefer, ...as }),
    );
    const order = statusCode === MADE ? made : await asking.retrieve(of, made.id ?? "");
    const fitting = order && isUsable(order) && (await inStep(asking, of, order, value));
    if (fitting) return stateOf(fitting);
    key = `${of.key}-after-${made.id}`;
  }
  throw new Error("The payment session was given up too often");
}

async function update(asking: Asking, of: SessionCall): Promise<SessionState> {
  const id = idOf(of.data);
  const order = id === undefined ? undefined : await asking.retrieve(of, id);
  // PayPal drops what nobody approves within hours.
  if (!order) return open(asking, of);
  if (labelOf(order)) throw new Error(`${id} is being taken for an order`);
  const fitting = isUsable(order) && (await inStep(asking, of, order, moneyValue(of)));
  if (fitting) return stateOf(fitting);
  return { ...(await open(asking, of)), former: of.data };
}

/** The order over this amount; undefined where it is over another that the shopper has agreed to. */
async function inStep(
  asking: Asking,
  of: SessionCall,
  order: Order,
  value: string,
): Promise<Order | undefined> {
  const currencyCode = of.currency.toUpperCase();
  const asks = (asked: Order): boolean => {
    const unit = unitOf(asked) ?? {};
    return sizeOf(unit) === of.amount && unit.amount?.currencyCode === currencyCode;
  };
  if (asks(order)) return order;
  if (order.status !== "CREATED") return undefined;
  const amount = { currency_code: currencyCode, value };
  const body = [{ op: REPLACE, path: `${UNIT}/amount`, value: amount }];
  try {
    await asking.call(of, ({ orders }, as) => orders.patchOrder({ id: order.id ?? "", body, ...as }));
  } catch (error) {
    if (!isStateConflict(error)) throw error;
  }
  const changed = await asking.retrieve(of, order.id ?? "");
  // Approved meanwhile: nobody knows over which of the two amounts.
  return changed?.status === "CREATED" && asks(changed) ? changed : undefined;
}

/** Writes another label on an order that is not paid yet, and turns its intent, with which nobody can pay it any more. */
export async function relabel(
  { call }: Asking,
  question: GatewayQuestion,
  order: Order,
  label: string,
  { closes = false } = {},
): Promise<void> {
  // The authorization that the shop or the storefront asks for is refused then.
  const intent = "CAPTURE" satisfies `${CheckoutPaymentIntent}`;
  const body = [
    ...(closes ? [{ op: REPLACE, path: "/intent", value: intent }] : []),
    { op: REPLACE, path: `${UNIT}/custom_id`, value: label },
  ];
  await call(question, ({ orders }, as) => orders.patchOrder({ id: order.id ?? "", body, ...as }));
}

/**
 * Keeps an order from being paid, or gives back what was paid with it. One that an order of ours has taken is left alone.
 * Whether one takes it that was paid in the browser cannot be seen at PayPal: who gives it up has seen to that.
 */
export async function giveUp(asking: Asking, question: GatewayQuestion, id: string): Promise<void> {
  const order = await asking.retrieve(question, id);
  if (!order || labelOf(order)) return;
  if (order.status === "COMPLETED") return giveBack(asking, question, order);
  const label = readSessionLabel(unitOf(order)?.customId) ?? { cartId: "none", session: "none" };
  try {
    await relabel(asking, question, order, writeSessionLabel({ ...label, isGivenUp: true }), {
      closes: true,
    });
  } catch (error) {
    if (isNotFound(error)) return;
    if (!isStateConflict(error)) throw error;
    const moved = await asking.retrieve(question, id);
    if (moved?.status === "COMPLETED" && !labelOf(moved)) await giveBack(asking, question, moved);
  }
}

/** Releases what was authorized for no order, and returns what was taken. */
export async function giveBack({ call }: Asking, question: GatewayQuestion, order: Order): Promise<void> {
  const authorization = authorizationOf(order);
  const held = authorization?.status === "CREATED" || authorization?.status === "PENDING";
  try {
    if (held) {
      const authorizationId = authorization.id ?? "";
      const paypalRequestId = `${order.id}-back`;
      await call(question, ({ payments }, as) =>
        payments.voidPayment({ authorizationId, paypalRequestId, ...as }),
      );
    }
    for (const capture of capturesOf(order).filter(isTaken)) {
      const request = { captureId: capture.id ?? "", paypalRequestId: `${capture.id}-back`, body: {} };
      await call(question, ({ payments }, as) => payments.refundCapturedPayment({ ...request, ...as }));
    }
  } catch (error) {
    if (!isStateConflict(error)) throw error;
  }
}

function requestOf(of: SessionCall, value: string): OrderRequest {
  const payee = payeeOf(of.settings);
  const customId = writeSessionLabel({ cartId: of.cartId, session: of.key, isGivenUp: false });
  return {
    intent: "AUTHORIZE" as CheckoutPaymentIntent,
    purchaseUnits: [
      {
        referenceId: "default",
        amount: { currencyCode: of.currency.toUpperCase(), value },
        customId,
        ...(payee !== undefined && { payee: { merchantId: payee } }),
      },
    ],
    // The words of PayPal; the package's own names for them come with the whole package.
    applicationContext: {
      shippingPreference: "NO_SHIPPING",
      userAction: "PAY_NOW",
    } as OrderRequest["applicationContext"] & object,
  };
}

/** Whether its shopper may go on with it, or has come through. */
function isUsable(order: Order): boolean {
  return !isGivenUp(order) && sessionStatus(order) !== "canceled" && sessionStatus(order) !== "error";
}

/** Its session is no more, or somebody has closed it at PayPal. */
export function isGivenUp(order: Order): boolean {
  const turned = order.status !== "COMPLETED" && order.intent === ("CAPTURE" as CheckoutPaymentIntent);
  return turned || readSessionLabel(unitOf(order)?.customId)?.isGivenUp === true;
}

/** How far the session is, by the state of its order. */
export function sessionStatus(order: Order): PaymentSessionStatus {
  if (order.status === "VOIDED") return "canceled";
  if (order.status !== "COMPLETED") return order.status === "CREATED" ? "pending" : "requires_more";
  switch (authorizationOf(order)?.status) {
    case "DENIED":
      return "error";
    case "VOIDED":
      return "canceled";
    case "PENDING":
      return "pending";
    default:
      return "authorized";
  }
}

/** What PayPal calls the payment of a session. */
export function idOf({ id }: SessionData): string | undefined {
  return typeof id === "string" && id !== "" ? id : undefined;
}

function stateOf(order: Order): SessionState {
  return { status: sessionStatus(order), data: orderData(order) };
}

function moneyValue({ amount, currency }: SessionCall): string {
  const value = toPayPalAmount(amount, currency);
  if (value === undefined) throw new Error(`PayPal cannot move exactly this amount of ${currency}`);
  return value;
}
