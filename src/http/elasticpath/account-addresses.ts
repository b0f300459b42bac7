import { checkAccountAccess } from "../../operations/account-access.ts";
import type { Route } from "../route.ts";
import { addressRoutes } from "./address-routes.ts";

export const accountAddressRoutes: readonly Route[] = addressRoutes({
  kind: "account",
  path: "/v2/accounts/:ownerId",
  tag: "Account addresses",
  check: ({ deps, context }, accountId) => checkAccountAccess(deps, context, accountId),
  load: ({ deps, context }, accountId) => deps.storage.accounts.load(context.store.storeId, accountId),
});
