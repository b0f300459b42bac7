import type { StaffUser } from "../../domain/region/staff-user.ts";
import type { Actor, Context, StoreConfig } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import type { Caller } from "../dialect.ts";
import type { Reply } from "../route.ts";
import { unauthorized } from "./errors.ts";
import { engineId } from "./ids.ts";
import { bearerId, sessionOf } from "./session.ts";

/**
 * Who asks: a shopper, who may have signed in (`shopper` routes are for those only), or one of the staff (`shop`). A
 * publishable key says where is sold; an unknown one says nothing.
 */
export async function identify(
  deps: Deps,
  caller: Caller,
): Promise<{ context: Context } | { refusal: Reply }> {
  const store = await deps.storage.stores.first();
  if (!store) throw new Error("There is no store");
  const { access, header } = caller;
  const session = sessionOf(deps, store.storeId, header);
  if (access === "shop") {
    const user = await staffUser(deps, store, caller, session.userId);
    if (!user) return { refusal: unauthorized };
    return { context: { store, actor: { kind: "shop", label: `user:${user.id}`, userId: user.id } } };
  }
  const customerId = session.customerId ?? bearerId(deps, store.storeId, "store", header);
  if (customerId === undefined && access === "shopper") return { refusal: unauthorized };
  const actor: Actor =
    customerId === undefined
      ? { kind: "shopper", label: "storefront" }
      : { kind: "shopper", customerId, label: `customer:${customerId}` };
  const salesChannelIds = await channelsOf(deps, store, header("x-publishable-api-key"));
  return { context: { store, actor, ...(salesChannelIds && { salesChannelIds }) } };
}

async function staffUser(
  deps: Deps,
  { storeId }: StoreConfig,
  { header }: Caller,
  sessionUserId: string | undefined,
): Promise<StaffUser | undefined> {
  const { records } = deps.storage;
  const userId = sessionUserId ?? bearerId(deps, storeId, "admin", header);
  if (userId !== undefined) return records.load(storeId, "staff_user", userId);
  const apiToken = header("x-medusa-access-token");
  if (!apiToken) return undefined;
  const hash = deps.fingerprint(apiToken);
  return (await records.all(storeId, "staff_user")).find(({ apiTokenHash }) => apiTokenHash === hash);
}

async function channelsOf(
  deps: Deps,
  { storeId }: StoreConfig,
  key: string | undefined,
): Promise<readonly string[] | undefined> {
  if (!key) return undefined;
  const { publishableKeys } = await deps.storage.records.setup(storeId);
  const known = publishableKeys.find(({ id }) => id === engineId("pk", key));
  return known?.revokedAt === undefined ? known?.salesChannelIds : undefined;
}
