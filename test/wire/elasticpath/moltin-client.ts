import { gateway, MemoryStorageFactory } from "@moltin/sdk";
import type { TestEngine } from "../../engine.ts";

/** The vendor's JavaScript SDK, pointed at an engine; with an implicit token unless `secret` is set. */
export function moltinClient(
  engine: TestEngine,
  options: { readonly secret?: boolean; readonly headers?: Record<string, string> } = {},
) {
  return gateway({
    client_id: engine.clientId,
    ...(options.secret && { client_secret: engine.clientSecret }),
    ...(options.headers && { headers: options.headers }),
    host: new URL(engine.url).host,
    storage: new MemoryStorageFactory(),
    // The SDK speaks https only.
    custom_fetch: (url: string, init: RequestInit) => fetch(url.replace(/^https:/, "http:"), init),
  });
}
