import type { ShippingProfile } from "../domain/region/region.ts";
import type { Deps } from "./deps.ts";

/** What the installation decides about the first of the staff and the first storefront. */
export type FirstSales = {
  /** Lower case. */
  readonly adminEmail: string;
  /** The password that is to hold; undefined: whatever was set, or `newPassword` when there is nobody yet. */
  readonly adminPassword: string | undefined;
  /** Id of the key for storefronts that must be there; undefined: any, or a new one when there is none. */
  readonly publishableKeyId: string | undefined;
  /** A new password, hard to guess. */
  newPassword(): string;
};

export type FirstSalesReport = {
  readonly publishableKeyId: string;
  /** The password of `adminEmail`, when it was made just now; it is not kept in clear. */
  readonly newAdminPassword: string | undefined;
};

/**
 * Sees to it that a store can be sold through: shipping profiles, a sales channel, a key for storefronts, and somebody of
 * the staff. What is there stays as it is; doing it twice, also at once, is as good as once.
 */
export async function setUpSales(deps: Deps, storeId: string, first: FirstSales): Promise<FirstSalesReport> {
  await setUpProfiles(deps, storeId);
  const channelId = await ensureChannel(deps, storeId);
  return {
    publishableKeyId: await ensurePublishableKey(deps, storeId, channelId, first.publishableKeyId),
    newAdminPassword: await ensureStaff(deps, storeId, first),
  };
}

const profiles: readonly Pick<ShippingProfile, "name" | "type">[] = [
  { name: "Default Shipping Profile", type: "default" },
  { name: "Gift Card Profile", type: "gift_card" },
];

/** Sees to it that there is a shipping profile for goods, and one for gift cards. */
export async function setUpProfiles({ storage, newId, now }: Deps, storeId: string): Promise<void> {
  const { shippingProfiles } = await storage.records.setup(storeId);
  for (const [index, profile] of profiles.entries()) {
    if (shippingProfiles.some(({ type }) => type === profile.type)) continue;
    // A moment apart, so that lists show them in this order.
    const at = new Date(Date.parse(now()) + index).toISOString();
    const record = { ...profile, id: newId(), createdAt: at, updatedAt: at };
    // The name keeps a second process from making one more.
    await storage.records.insert(storeId, "shipping_profile", record, `first ${profile.type}`);
  }
}

async function ensureChannel({ storage, newId, now }: Deps, storeId: string): Promise<string> {
  const { records } = storage;
  const [present] = (await records.setup(storeId)).salesChannels;
  if (present) return present.id;
  const at = now();
  const channel = {
    id: newId(),
    name: "Default Sales Channel",
    // The text that clients of this API have always found here.
    description: "Created by Medusa",
    isDisabled: false,
    isDefault: true,
    locationIds: [],
    createdAt: at,
    updatedAt: at,
  };
  if ((await records.insert(storeId, "sales_channel", channel, "first")) === "saved") return channel.id;
  return (await records.named(storeId, "sales_channel", "first"))?.id ?? channel.id;
}

async function ensurePublishableKey(
  { storage, newId, now }: Deps,
  storeId: string,
  channelId: string,
  wanted: string | undefined,
): Promise<string> {
  const { records } = storage;
  const { publishableKeys } = await records.setup(storeId);
  const present = publishableKeys.find(({ id }) => wanted === undefined || id === wanted);
  if (present) return present.id;
  const at = now();
  const key = {
    id: wanted ?? newId(),
    title: "Storefront",
    salesChannelIds: [channelId],
    createdAt: at,
    updatedAt: at,
  };
  if ((await records.insert(storeId, "publishable_key", key, "first")) === "saved") return key.id;
  if (wanted === undefined) return (await records.named(storeId, "publishable_key", "first"))?.id ?? key.id;
  await records.insert(storeId, "publishable_key", key);
  return key.id;
}

/** Answers a password that was made. */
async function ensureStaff(
  { storage, passwords, newId, now }: Deps,
  storeId: string,
  { adminEmail, adminPassword, newPassword }: FirstSales,
): Promise<string | undefined> {
  const { records } = storage;
  const present = await records.named(storeId, "staff_user", adminEmail);
  if (present) {
    if (adminPassword === undefined || (await passwords.matches(adminPassword, present.passwordHash))) return;
    const passwordHash = await passwords.hash(adminPassword);
    const updatedAt = now();
    await records.change(storeId, "staff_user", present.id, (user) => ({ ...user, passwordHash, updatedAt }));
    return undefined;
  }
  if (adminPassword === undefined && (await records.all(storeId, "staff_user")).length > 0) return undefined;
  const password = adminPassword ?? newPassword();
  const at = now();
  const user = {
    id: newId(),
    email: adminEmail,
    passwordHash: await passwords.hash(password),
    role: "member" as const,
    createdAt: at,
    updatedAt: at,
  };
  const saved = await records.insert(storeId, "staff_user", user, adminEmail);
  return saved === "saved" && adminPassword === undefined ? password : undefined;
}
