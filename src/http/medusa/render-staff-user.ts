import Type from "typebox";
import type { StaffUser } from "../../domain/region/staff-user.ts";
import { wireId } from "./ids.ts";
import { metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

export const staffUserSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  role: Type.String(),
  email: Type.String(),
  first_name: textOrNull,
  last_name: textOrNull,
  api_token: Type.Null(),
  metadata: nullable(metadata),
});

/** One of the staff; neither the password nor the token for scripts is ever shown again. */
export function renderStaffUser(user: StaffUser) {
  return {
    id: wireId("usr", user.id),
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    deleted_at: null,
    role: user.role,
    email: user.email,
    first_name: user.firstName ?? null,
    last_name: user.lastName ?? null,
    api_token: null,
    metadata: user.metadata ?? null,
  };
}
