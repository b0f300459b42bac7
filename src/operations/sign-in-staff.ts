import type { StaffUser } from "../domain/region/staff-user.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { passwordFits } from "./check-password.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";

/** One of the staff, by e-mail address (in whatever case) and password. */
export async function signInStaff(
  deps: Pick<Deps, "storage" | "passwords">,
  context: Context,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Result<StaffUser, RefusalOf<"credentials_invalid">>> {
  const { storeId } = context.store;
  const user = await deps.storage.records.named(storeId, "staff_user", email.toLowerCase());
  const fits = await passwordFits(deps, password, user?.passwordHash);
  return user && fits ? ok(user) : fail({ type: "credentials_invalid" });
}
