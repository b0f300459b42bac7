import type { Context } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import { bearerOf } from "../bearer.ts";
import type { Caller } from "../dialect.ts";
import type { Reply } from "../route.ts";
import { problem } from "./problems.ts";

/** Who asks: the shop with its client credentials, or a shopper with an implicit token. */
export async function identify(
  deps: Deps,
  caller: Caller,
): Promise<{ context: Context } | { refusal: Reply }> {
  const bearer = await bearerOf(deps, caller);
  if (!bearer) return { refusal: problem(401, "token_invalid", "Send a valid access token as a bearer") };
  const kind = bearer.kind === "client_credentials" ? "shop" : "shopper";
  if (kind === "shopper" && caller.access !== "token") {
    return { refusal: problem(403, "shop_only", "This needs a token that was got with client credentials") };
  }
  return { context: { store: bearer.store, actor: { kind, label: `client:${bearer.clientId}` } } };
}
