import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { Gateway, GatewayCall } from "./gateway.ts";

const approved = async (): Promise<GatewayOutcome> => ({ kind: "approved", reference: "manual" });

/** The same, with the word that a payment session's shopper sees. */
const noted =
  (status: string) =>
  async ({ session }: GatewayCall): Promise<GatewayOutcome> => ({
    kind: "approved",
    reference: "manual",
    ...(session && { data: { ...session, status } }),
  });

/** Notes what the merchant does elsewhere: cash, a bank transfer, a gateway of their own. Nobody is called. */
export const manualGateway: Gateway = {
  slug: "manual",
  name: "Manual",
  local: true,
  methods: ["authorize", "purchase"],
  deadlineMs: 1_000,
  capturesInParts: () => true,
  authorize: noted("authorized"),
  purchase: noted("captured"),
  capture: noted("captured"),
  refund: approved,
  void: noted("canceled"),
  find: approved,
  sessions: {
    open: async () => ({ status: "pending", data: { status: "pending" } }),
    update: async ({ data, change }) => ({ status: "pending", data: { ...data, ...change } }),
    close: async () => undefined,
  },
};
