import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { Gateway } from "./gateway.ts";

const approved = async (): Promise<GatewayOutcome> => ({ kind: "approved", reference: "manual" });

/** Notes what the merchant does elsewhere: cash, a bank transfer, a gateway of their own. Nobody is called. */
export const manualGateway: Gateway = {
  slug: "manual",
  name: "Manual",
  local: true,
  methods: ["authorize", "purchase"],
  deadlineMs: 1_000,
  authorize: approved,
  purchase: approved,
  capture: approved,
  refund: approved,
  void: approved,
  find: approved,
};
