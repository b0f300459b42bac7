import {
  type Behaviour,
  decline,
  type FakeGateway,
  fakeGateway,
  waitForShopper,
} from "../../fake-gateway.ts";
import { useWire, type Wire } from "./harness.ts";
import { placedOrder } from "./purchases.ts";

// Requests to an order by short names, for tables of what each of them does in each state.

const requests = {
  authorize: { method: "POST", path: "/payments", data: { method: "authorize" } },
  "authorize 500": { method: "POST", path: "/payments", data: { method: "authorize", amount: 500 } },
  purchase: { method: "POST", path: "/payments", data: { method: "purchase" } },
  "purchase 500": { method: "POST", path: "/payments", data: { method: "purchase", amount: 500 } },
  "purchase 2001": { method: "POST", path: "/payments", data: { method: "purchase", amount: 2001 } },
  "purchase, declined": {
    method: "POST",
    path: "/payments",
    data: { method: "purchase", payment: "decline" },
  },
  "purchase, waiting": { method: "POST", path: "/payments", data: { method: "purchase", payment: "wait" } },
  "authorize, waiting": { method: "POST", path: "/payments", data: { method: "authorize", payment: "wait" } },
  capture: { method: "POST", path: "/transactions/:first/capture", data: undefined },
  "refund 500": { method: "POST", path: "/transactions/:first/refund", data: { amount: 500 } },
  "refund 2001": { method: "POST", path: "/transactions/:first/refund", data: { amount: 2001 } },
  refund: { method: "POST", path: "/transactions/:first/refund", data: undefined },
  void: { method: "POST", path: "/transactions/:first/cancel", data: undefined },
  confirm: { method: "POST", path: "/transactions/:first/confirm", data: {} },
  fulfil: { method: "PUT", path: "", data: { shipping: "fulfilled" } },
  cancel: { method: "PUT", path: "", data: { status: "cancelled" } },
  move: { method: "PUT", path: "", data: { shipping_address: { line_1: "9 New Road" } } },
  anonymize: { method: "POST", path: "anonymize", data: undefined },
} as const;

/** What is done to an order; the shopper's part is done at the gateway, and confirmed. */
export type Action = keyof typeof requests | "the shopper pays" | "the shopper gives up";

const byToken: Behaviour = (call, effect) => {
  if (call.paymentToken === "decline") return decline(call, effect);
  return call.paymentToken === "wait" ? waitForShopper(call, effect) : effect();
};

/** A server with a gateway that declines or waits when the payment's token says so, under one of the vendor's names. */
export function useWireWithGateway(): { readonly wire: Wire; readonly gateway: FakeGateway } {
  const gateway = fakeGateway({ slug: "braintree" });
  gateway.otherwise(byToken);
  return { wire: useWire({ surroundings: { gateways: [gateway] } }), gateway };
}

/** An order of two pieces at 1000 each, of a product that has ten in stock. */
export type OrderUnderTest = {
  /** `/v2/orders/…` */
  readonly path: string;
  /** Its state after a request that succeeds, or status and detail of the refusal. */
  readonly perform: (action: Action) => Promise<string>;
  /** `processing/authorized/unfulfilled 10/8/2`: the three axes, and the stock's total, available and allocated. */
  readonly state: () => Promise<string>;
  /** Type, status and refunded amount of each transaction, in their order. */
  readonly transactions: () => Promise<string[]>;
};

/** Places an order and takes it through `steps`. */
export async function orderAfter(
  { wire, gateway }: { readonly wire: Wire; readonly gateway: FakeGateway },
  steps: readonly Action[],
): Promise<OrderUnderTest> {
  const order = await placedOrder(wire);
  const transactions = async () => (await wire.ask("GET", `${order.path}/transactions`)).body.data;

  const state = async (): Promise<string> => {
    const { data } = (await wire.ask("GET", order.path)).body;
    const stock = (await wire.ask("GET", `/v2/inventories/${order.productId}`)).body.data;
    const counts = [stock.total, stock.available, stock.allocated];
    return `${data.status}/${data.payment}/${data.shipping} ${counts.join("/")}`;
  };

  const ask = async (action: keyof typeof requests) => {
    const { method, path, data } = requests[action];
    if (path === "anonymize") {
      return wire.ask("POST", "/v2/orders/anonymize", { data: { order_ids: [order.id] } });
    }
    const first = path.includes(":first") ? ((await transactions())[0]?.id ?? "none") : "";
    const gatewayOf = path === "/payments" && { gateway: gateway.slug };
    return wire.ask(
      method,
      `${order.path}${path.replace(":first", first)}`,
      data && { data: { ...data, ...gatewayOf } },
    );
  };

  const perform = async (action: Action): Promise<string> => {
    if (action === "the shopper pays" || action === "the shopper gives up") {
      const [{ id }] = await transactions();
      gateway.resolve(id, action === "the shopper pays" ? "approved" : "declined");
      return perform("confirm");
    }
    const { status, body } = await ask(action);
    return status < 300 ? state() : `${status} ${body.errors[0].detail}`;
  };

  for (const step of steps) await perform(step);
  return {
    path: order.path,
    perform,
    state,
    transactions: async () =>
      (await transactions()).map(
        (one: Record<string, unknown>) => `${one.transaction_type} ${one.status} ${one.refunded_amount}`,
      ),
  };
}
