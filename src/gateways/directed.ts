import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { Gateway, GatewayCall } from "./gateway.ts";

/** What a session's `want` may ask for instead of an authorization. */
const unpaid = ["requires_more", "pending", "error", "canceled"];

/**
 * A gateway for tests: the data of a payment session says what becomes of the payment (`want`: `requires_more`, `pending`,
 * `error`, `canceled` or `throw`), and whether a capture fails (`capture_fails`). It calls nobody and moves no money.
 */
export function directedGateway(): Gateway {
  let count = 0;
  const approved = (call: GatewayCall, status: string): GatewayOutcome => ({
    kind: "approved",
    reference: String(call.session?.id ?? call.key),
    ...(call.session && { data: { ...call.session, status } }),
  });
  const authorize = async (call: GatewayCall): Promise<GatewayOutcome> => {
    const want = String(call.session?.want ?? "authorized");
    if (want === "throw") return { kind: "declined", code: "card_declined", message: "card_declined" };
    if (!unpaid.includes(want)) return approved(call, "authorized");
    const message = "Cart payment not authorized";
    return { kind: "declined", code: want, message, data: { ...call.session, status: want } };
  };
  return {
    slug: "testpay",
    name: "Payments that tests direct",
    local: true,
    methods: ["authorize", "purchase"],
    deadlineMs: 1_000,
    capturesInParts: () => true,
    authorize,
    purchase: authorize,
    async capture(call) {
      if (call.session?.capture_fails) {
        return { kind: "declined", code: "capture_failed", message: "capture failed" };
      }
      return approved(call, "captured");
    },
    refund: async (call) => ({ kind: "approved", reference: call.key }),
    void: async (call) => approved(call, "canceled"),
    find: async () => ({ kind: "absent" }),
    sessions: {
      async open({ amount, currency }) {
        count += 1;
        const id = `tp_${count}`;
        const data = { id, client_secret: `${id}_secret`, amount, currency: currency.toLowerCase() };
        return { status: "pending", data: { ...data, status: "pending" } };
      },
      update: async ({ amount, data, change }) => ({
        status: "pending",
        data: { ...data, amount, ...change },
      }),
      close: async () => undefined,
    },
  };
}
