import { expect, test } from "vitest";
import { engineId } from "../../../src/http/medusa/ids.ts";
import { admin, useMedusa } from "./harness.ts";

const wire = useMedusa();

test("a bearer token of the staff opens the back and nothing else", async () => {
  const { body, status } = await wire.ask("POST", "/admin/auth/token", admin);
  expect(status).toBe(200);
  const headers = { authorization: `Bearer ${body.access_token}` };
  const who = await wire.ask("GET", "/admin/auth", undefined, { headers });
  expect(who.body.user).toMatchObject({
    id: expect.stringMatching(/^usr_[0-9A-HJKMNP-TV-Z]{26}$/),
    email: admin.email,
    role: "member",
    first_name: null,
  });
  expect(who.body.user).not.toHaveProperty("password_hash");
  // What opens the back of the shop is no key of the other API.
  const other = await wire.engine.ask("GET", "/v2/settings", undefined, { as: "none", headers });
  expect(other.status).toBe(401);
});

test("wrong credentials are 401 in plain text, and so is no token", async () => {
  for (const path of ["/admin/auth", "/admin/auth/token"]) {
    const wrong = await wire.ask("POST", path, { ...admin, password: "x" });
    expect(wrong).toMatchObject({ status: 401, body: "Unauthorized" });
    const unknown = await wire.ask("POST", path, { email: "nobody@test.local", password: "supersecret" });
    expect(unknown).toMatchObject({ status: 401, body: "Unauthorized" });
  }
  expect(await wire.ask("GET", "/admin/auth")).toMatchObject({ status: 401, body: "Unauthorized" });
  const forged = { authorization: "Bearer x.y.z" };
  expect((await wire.ask("GET", "/admin/auth", undefined, { headers: forged })).status).toBe(401);
});

test("a session in a cookie, until it is ended", async () => {
  const signedIn = await wire.ask("POST", "/admin/auth", { ...admin, email: "Admin@Test.Local" });
  expect(signedIn.body.user.email).toBe(admin.email);
  const [cookie] = (signedIn.headers.get("set-cookie") ?? "").split(";");
  expect(cookie).toMatch(/^connect\.sid=.+/);
  const headers = { cookie: cookie as string };
  expect((await wire.ask("GET", "/admin/auth", undefined, { headers })).status).toBe(200);
  const ended = await wire.ask("DELETE", "/admin/auth", undefined, { headers });
  expect(ended).toMatchObject({ status: 200, body: "OK" });
  expect(ended.headers.get("set-cookie")).toContain("Max-Age=0");
});

test("what is wrong with a sign-in is said in the words of the schema's order", async () => {
  const { status, body } = await wire.ask("POST", "/admin/auth", { password: 1, extra: true });
  expect(status).toBe(400);
  expect(body).toEqual({
    type: "invalid_data",
    message: "property extra should not exist, email must be an email, password must be a string",
  });
});

test("the probe that clients of this API know", async () => {
  expect(await wire.ask("GET", "/health")).toMatchObject({ status: 200, body: "OK" });
});

test("staff come and go; their scripts have a token of their own", async () => {
  const ida = { email: "Ida@Test.Local", password: "a long password", first_name: "Ida", role: "admin" };
  const { user } = await wire.admin("POST", "/admin/users", ida);
  expect(user).toMatchObject({ email: "ida@test.local", first_name: "Ida", role: "admin", api_token: null });
  const again = await wire.ask("POST", "/admin/users", ida, { as: "admin" });
  expect(again).toMatchObject({ status: 422, body: { type: "duplicate_error" } });
  const path = `/admin/users/${user.id}`;
  await wire.admin("POST", path, { last_name: "Brandt", api_token: "a token for a script" });
  const headers = { "x-medusa-access-token": "a token for a script" };
  const asScript = await wire.ask("GET", "/admin/auth", undefined, { headers });
  expect(asScript.body.user).toMatchObject({ id: user.id, last_name: "Brandt" });
  const wrong = { "x-medusa-access-token": "a token for a scripT" };
  expect((await wire.ask("GET", "/admin/auth", undefined, { headers: wrong })).status).toBe(401);
  await wire.admin("DELETE", path);
  // Whoever is gone opens nothing more.
  expect((await wire.ask("GET", "/admin/auth", undefined, { headers })).status).toBe(401);
  const [last] = (await wire.admin("GET", "/admin/users")).users;
  const kept = await wire.ask("DELETE", `/admin/users/${last.id}`, undefined, { as: "admin" });
  expect(kept).toMatchObject({ status: 400, body: { message: "The last user cannot be deleted" } });
});

test("one of the staff who forgot the password gets another with the token of the event, once", async () => {
  const staff = { email: "forgot@staff.test", password: "the first password" };
  const { user } = await wire.admin("POST", "/admin/users", staff);
  const asked = async (email: string) =>
    (await wire.ask("POST", "/admin/users/password-token", { email })).status;
  expect(await asked("nobody@staff.test")).toBe(204);
  expect(await asked("Forgot@staff.test")).toBe(204);
  const { core, storeId } = wire.engine.engine;
  const events = await core.deps.storage.events.of(storeId, engineId("usr", user.id));
  expect(events.map(({ type }) => type)).toEqual(["user.created", "user.password_reset"]);
  const token = events[1]?.payload.token;
  const password = "the second password";
  const reset = (body: object) => wire.ask("POST", "/admin/users/reset-password", body);
  expect((await reset({ token, password, email: "other@staff.test" })).status).toBe(401);
  expect((await reset({ token: "none", password })).status).toBe(401);
  expect((await reset({ token, password })).body.user.id).toBe(user.id);
  expect((await reset({ token, password: "the third password" })).status).toBe(401);
  const signIn = async (chosen: string) =>
    (await wire.ask("POST", "/admin/auth/token", { ...staff, password: chosen })).status;
  expect([await signIn(staff.password), await signIn(password)]).toEqual([401, 200]);
});
