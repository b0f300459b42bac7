import type { GatewayCall } from "./gateway.ts";

/** Whether an operation begins a payment that a payment session has prepared. */
export function beginsWithSession({ operation, session }: GatewayCall): boolean {
  return session !== undefined && (operation === "authorize" || operation === "purchase");
}
