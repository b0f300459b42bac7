import { createHash, timingSafeEqual } from "node:crypto";
import Type from "typebox";
import { type Reply, type Route, route } from "../route.ts";
import { problem } from "./errors.ts";
import { errors } from "./schemas.ts";

/** Lifetime of an access token in seconds. */
const LIFETIME_SECONDS = 3600;

const accessToken = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal("Bearer"),
  identifier: Type.Union([Type.Literal("implicit"), Type.Literal("client_credentials")]),
  expires_in: Type.Integer(),
  expires: Type.Integer({ description: "Seconds since 1970" }),
});

const shownForm = Type.Object({
  grant_type: Type.Union([Type.Literal("implicit"), Type.Literal("client_credentials")]),
  client_id: Type.String(),
  client_secret: Type.Optional(Type.String()),
});

/** The fields of the form; every other type than text is as good as absent. */
type Form = { grant_type?: unknown; client_id?: unknown; client_secret?: unknown };

const refuse = (status: 400 | 401, title: string, detail: string): Reply => problem(status, title, detail);

export const accessTokenRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/oauth/access_token",
    access: "open",
    tag: "Authentication",
    summary: "Get an access token, as a shopper's client (implicit) or as the shop (client_credentials)",
    shownBody: shownForm,
    responses: { 200: accessToken, 400: errors, 401: errors },
    idempotency: "none",
    async handle({ deps, body }) {
      const form = (body !== null && typeof body === "object" ? body : {}) as Form;
      const { grant_type: grant, client_id: clientId, client_secret: secret } = form;
      if (grant !== "implicit" && grant !== "client_credentials") {
        return refuse(400, "Bad Request", "grant_type must be implicit or client_credentials");
      }
      if (typeof clientId !== "string" || clientId === "") {
        return refuse(400, "Bad Request", "client_id is required");
      }
      // What no key can be is not asked of the database, which cannot hold every text.
      const key = /^[\x21-\x7e]{1,255}$/.test(clientId)
        ? await deps.storage.stores.apiKey(clientId)
        : undefined;
      const known =
        key && (grant === "implicit" || (typeof secret === "string" && isSecret(secret, key.secretHash)));
      if (!known) return refuse(401, "Unauthorized", "The client id or the client secret is not valid");
      const claims = { use: "access", kind: grant, store: key.storeId, sub: clientId };
      return {
        status: 200,
        body: {
          access_token: deps.tokens.sign(claims, LIFETIME_SECONDS),
          token_type: "Bearer",
          identifier: grant,
          expires_in: LIFETIME_SECONDS,
          expires: Math.floor(Date.parse(deps.now()) / 1000) + LIFETIME_SECONDS,
        },
        headers: { "cache-control": "no-store" },
      };
    },
  }),
];

/** How a client secret is kept: it is long and random, so a plain hash hides it as well as a slow one. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function isSecret(secret: string, hash: string | undefined): boolean {
  if (hash === undefined) return false;
  return timingSafeEqual(Buffer.from(hashOfSecret(secret)), Buffer.from(hash));
}
