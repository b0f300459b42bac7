import Type from "typebox";
import { signInStaff } from "../../operations/sign-in-staff.ts";
import { type Call, type Route, route } from "../route.ts";
import { unauthorized } from "./errors.ts";
import { renderStaffUser, staffUserSchema } from "./render-staff-user.ts";
import { bodyOf, error, one, plainText, text } from "./schemas.ts";
import { bearerToken, sessionCookie, sessionOf } from "./session.ts";

const credentials = bodyOf({
  email: Type.String({ format: "email", maxLength: 255 }),
  password: text(255),
});
const tag = "Admin: sign-in";

/** How the merchant's staff sign in. */
export const staffAuthRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/admin/auth",
    access: "open",
    tag,
    summary: "Sign in and keep a session in a cookie",
    body: credentials,
    // A repeat would set the cookie of an earlier moment.
    idempotency: "none",
    responses: { 200: one("user", staffUserSchema), 400: error, 401: plainText },
    handle: async ({ deps, context, body, header }) => {
      const signedIn = await signInStaff(deps, context, body);
      if (!signedIn.ok) return unauthorized;
      const { storeId } = context.store;
      const session = { ...sessionOf(deps, storeId, header), userId: signedIn.value.id };
      return {
        status: 200,
        body: { user: renderStaffUser(signedIn.value) },
        headers: sessionCookie(deps, storeId, session),
      };
    },
  }),
  route({
    method: "GET",
    path: "/admin/auth",
    access: "shop",
    tag,
    summary: "Who has signed in",
    responses: { 200: one("user", staffUserSchema), 401: plainText },
    handle: async (call) => {
      const user = await staffOf(call);
      return user ? { status: 200, body: { user: renderStaffUser(user) } } : unauthorized;
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/auth",
    access: "shop",
    tag,
    summary: "End the session",
    idempotency: "none",
    responses: { 200: plainText, 401: plainText },
    handle: async ({ deps, context, header }) => {
      const { storeId } = context.store;
      const { userId: _ended, ...session } = sessionOf(deps, storeId, header);
      return { status: 200, text: "OK", headers: sessionCookie(deps, storeId, session) };
    },
  }),
  route({
    method: "POST",
    path: "/admin/auth/token",
    access: "open",
    tag,
    summary: "Sign in for a bearer token, good for a day",
    body: credentials,
    idempotency: "none",
    responses: { 200: Type.Object({ access_token: Type.String() }), 400: error, 401: plainText },
    handle: async ({ deps, context, body }) => {
      const signedIn = await signInStaff(deps, context, body);
      if (!signedIn.ok) return unauthorized;
      const token = bearerToken(deps, context.store.storeId, "admin", signedIn.value.id);
      return { status: 200, body: { access_token: token } };
    },
  }),
];

function staffOf({ deps, context }: Call) {
  const { userId } = context.actor;
  return userId === undefined
    ? undefined
    : deps.storage.records.load(context.store.storeId, "staff_user", userId);
}
