import type { StaffUser } from "../domain/region/staff-user.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What is decided about one of the staff. */
export type StaffDetails = Partial<Pick<StaffUser, "firstName" | "lastName" | "role">>;

/** Lets somebody more sign in at the back; `email` in whatever case. */
export async function createStaffUser(
  deps: Deps,
  { store }: Context,
  { email, password, ...details }: StaffDetails & { readonly email: string; readonly password: string },
): Promise<Result<StaffUser, SalesRefusalOf<"staff_user_taken">>> {
  const now = deps.now();
  const user: StaffUser = {
    role: "member",
    ...details,
    id: deps.newId(),
    email: email.toLowerCase(),
    passwordHash: await deps.passwords.hash(password),
    createdAt: now,
    updatedAt: now,
  };
  const saved = await deps.storage.records.insert(store.storeId, "staff_user", user, user.email);
  return saved === "saved" ? ok(user) : fail({ type: "staff_user_taken", email: user.email });
}

/**
 * Changes one of the staff. `apiToken` is what scripts send in place of a password; only a hash of it is kept.
 * The members of `metadata` are put to those that are there.
 */
export async function updateStaffUser(
  deps: Deps,
  { store }: Context,
  userId: string,
  {
    apiToken,
    metadata,
    ...details
  }: StaffDetails & Pick<StaffUser, "metadata"> & { readonly apiToken?: string },
): Promise<Result<StaffUser, SalesRefusalOf<"staff_user_not_found">>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(store.storeId, "staff_user", userId, (user) => ({
    ...user,
    ...details,
    ...(apiToken !== undefined && { apiTokenHash: deps.fingerprint(apiToken) }),
    ...(metadata && { metadata: { ...user.metadata, ...metadata } }),
    updatedAt,
  }));
  return saved.kind === "saved" ? ok(saved.record) : fail({ type: "staff_user_not_found", userId });
}

/** Takes one of the staff away, if they are there: their tokens and sessions are good for nothing from then on. */
export function deleteStaffUser(
  deps: Deps,
  { store }: Context,
  userId: string,
): Promise<Result<undefined, SalesRefusalOf<"staff_user_is_last">>> {
  const { storeId } = store;
  return deps.storage.transaction(async ({ records, stores }) => {
    // Two who take each other away at once must not both succeed.
    await stores.lock(storeId);
    const users = await records.all(storeId, "staff_user");
    if (!users.some(({ id }) => id === userId)) return ok(undefined);
    if (users.length === 1) return fail({ type: "staff_user_is_last" });
    await records.delete(storeId, "staff_user", userId);
    return ok(undefined);
  });
}
