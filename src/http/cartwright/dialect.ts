import type { Dialect } from "../dialect.ts";
import { explainRoutes } from "./explain.ts";
import { heldPaymentRoutes } from "./held-payments.ts";
import { identify } from "./identify.ts";
import { mailRoutes } from "./mail.ts";
import { edgeProblem, invalidBody } from "./problems.ts";
import { reconcileRoutes } from "./reconcile.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints.ts";

/** Our own API: what neither of the two others has. */
export const cartwrightDialect: Dialect = {
  name: "cartwright",
  prefixes: ["cartwright"],
  routes: [
    ...explainRoutes,
    ...heldPaymentRoutes,
    ...mailRoutes,
    ...reconcileRoutes,
    ...webhookEndpointRoutes,
  ],
  identify,
  normalizeBody: (body) => body,
  repairJson: () => undefined,
  invalid: invalidBody,
  problem: edgeProblem,
};
