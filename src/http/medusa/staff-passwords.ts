import Type from "typebox";
import { requestStaffReset, resetStaffPassword } from "../../operations/reset-staff-password.ts";
import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { renderStaffUser, staffUserSchema } from "./render-staff-user.ts";
import { bodyOf, error, given, one, text } from "./schemas.ts";

const tag = "Admin: staff";
const email = Type.String({ format: "email", maxLength: 255 });

/** How one of the staff who forgot their password gets another. */
export const staffPasswordRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/admin/users/password-token",
    access: "open",
    tag,
    summary: "Ask for a token to reset a password with; it is in the event user.password_reset",
    body: bodyOf({ email }),
    responses: { 204: null, 400: error },
    async handle({ deps, context, body }) {
      await requestStaffReset(deps, context, body.email);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/admin/users/reset-password",
    access: "open",
    tag,
    summary: "Reset a password",
    body: bodyOf({
      email: given(email),
      token: text(4000),
      password: Type.String({ minLength: 8, maxLength: 255 }),
    }),
    responses: { 200: one("user", staffUserSchema), 400: error, 401: error },
    // A password is not kept, not even in the hash of a request.
    idempotency: "none",
    async handle({ deps, context, body }) {
      const reset = await resetStaffPassword(deps, context, {
        token: body.token,
        password: body.password,
        ...(body.email && { email: body.email }),
      });
      return reset.ok ? { status: 200, body: { user: renderStaffUser(reset.value) } } : refused(reset.error);
    },
  }),
];
