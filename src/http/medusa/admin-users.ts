import Type from "typebox";
import type { StaffUser } from "../../domain/region/staff-user.ts";
import type { Result } from "../../domain/result.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { createStaffUser, deleteStaffUser, updateStaffUser } from "../../operations/save-staff-user.ts";
import { type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { renderStaffUser, staffUserSchema } from "./render-staff-user.ts";
import { bodyOf, deleted, error, given, metadata, one, oneOf, plainText, words } from "./schemas.ts";

const tag = "Admin: staff";
const names = {
  first_name: given(words(255)),
  last_name: given(words(255)),
  role: given(oneOf(["admin", "member", "developer"])),
} as const;
const answers = { 200: one("user", staffUserSchema), 400: error, 401: plainText, 404: error, 422: error };

/** Who may sign in at the back. */
export const adminUserRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/users",
    access: "shop",
    tag,
    summary: "List the staff",
    responses: { 200: Type.Object({ users: Type.Array(staffUserSchema) }), 401: plainText },
    handle: async ({ deps, context }) => {
      const users = await deps.storage.records.all(context.store.storeId, "staff_user");
      return { status: 200, body: { users: users.map(renderStaffUser) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/users",
    access: "shop",
    tag,
    summary: "Let somebody more sign in",
    body: bodyOf({
      email: Type.String({ format: "email", maxLength: 255 }),
      password: Type.String({ minLength: 8, maxLength: 255 }),
      ...names,
    }),
    responses: answers,
    handle: async ({ deps, context, body }) =>
      answer(
        await createStaffUser(deps, context, {
          email: body.email,
          password: body.password,
          ...detailsOf(body),
        }),
      ),
  }),
  route({
    method: "GET",
    path: "/admin/users/:id",
    access: "shop",
    tag,
    summary: "Retrieve one of the staff",
    responses: { 200: one("user", staffUserSchema), 401: plainText, 404: error },
    handle: async ({ deps, context, params }) => {
      const userId = engineId("usr", params.id as string);
      const user = await deps.storage.records.load(context.store.storeId, "staff_user", userId);
      if (!user) return refused({ type: "staff_user_not_found", userId });
      return { status: 200, body: { user: renderStaffUser(user) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/users/:id",
    access: "shop",
    tag,
    summary: "Change one of the staff, or the token of their scripts",
    body: bodyOf({
      ...names,
      api_token: given(Type.String({ minLength: 16, maxLength: 255 })),
      metadata: given(metadata),
    }),
    responses: answers,
    handle: async ({ deps, context, body, params }) =>
      answer(
        await updateStaffUser(deps, context, engineId("usr", params.id as string), {
          ...detailsOf(body),
          ...(body.api_token != null && { apiToken: body.api_token }),
          ...(body.metadata != null && { metadata: body.metadata }),
        }),
      ),
  }),
  route({
    method: "DELETE",
    path: "/admin/users/:id",
    access: "shop",
    tag,
    summary: "Take one of the staff away",
    responses: { 200: deleted, 400: error, 401: plainText },
    handle: async ({ deps, context, params }) => {
      const id = params.id as string;
      const gone = await deleteStaffUser(deps, context, engineId("usr", id));
      if (!gone.ok) return refused(gone.error);
      return { status: 200, body: { id, object: "user", deleted: true } };
    },
  }),
];

function detailsOf(body: {
  readonly first_name?: string | null;
  readonly last_name?: string | null;
  readonly role?: StaffUser["role"] | null;
}) {
  return {
    ...(body.first_name != null && { firstName: body.first_name }),
    ...(body.last_name != null && { lastName: body.last_name }),
    ...(body.role != null && { role: body.role }),
  };
}

const answer = (result: Result<StaffUser, SalesRefusal>): Reply =>
  result.ok ? { status: 200, body: { user: renderStaffUser(result.value) } } : refused(result.error);
