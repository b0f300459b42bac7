import type { StoreConfig } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import type { Caller } from "./dialect.ts";

/** What a valid access token says, and the store that it is for. */
export type Bearer = {
  readonly store: StoreConfig;
  readonly kind: "client_credentials" | "implicit";
  /** The client id of the key pair that it was got with. */
  readonly clientId: string;
};

/** Reads the access token of a request; undefined when there is none that is valid. */
export async function bearerOf(deps: Deps, caller: Caller): Promise<Bearer | undefined> {
  // SDKs of 2017 to 2019 write a colon after the word.
  const token = /^Bearer:? ([^ ]+) *$/i.exec(caller.header("authorization") ?? "")?.[1];
  const claims = token === undefined ? undefined : deps.tokens.verify(token);
  if (claims?.use !== "access" || typeof claims.store !== "string") return undefined;
  const store = await deps.storage.stores.config(claims.store);
  if (!store) return undefined;
  const kind = claims.kind === "client_credentials" ? "client_credentials" : "implicit";
  return { store, kind, clientId: String(claims.sub) };
}
