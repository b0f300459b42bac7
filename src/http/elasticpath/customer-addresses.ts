import { checkCustomerAccess } from "../../operations/customer-access.ts";
import type { Route } from "../route.ts";
import { addressRoutes } from "./address-routes.ts";

export const customerAddressRoutes: readonly Route[] = addressRoutes({
  kind: "customer",
  path: "/v2/customers/:ownerId",
  tag: "Customer addresses",
  check: async (call, customerId) => checkCustomerAccess(call.context, customerId),
  load: ({ deps, context }, customerId) => deps.storage.customers.load(context.store.storeId, customerId),
});
