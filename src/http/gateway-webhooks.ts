import type { Deps } from "../operations/deps.ts";
import { receiveGatewayEvents } from "../operations/gateway-events.ts";
import type { Reply } from "./route.ts";

/**
 * Answers a gateway that calls: 200 as soon as what it tells is kept, also when it is about no payment of ours, 400 when
 * no store's secret has signed it. Nothing in it is believed: it only says which payment to ask about.
 */
export async function answerGateway(
  deps: Deps,
  path: string,
  body: Uint8Array,
  header: (name: string) => string | undefined,
): Promise<Reply> {
  const received = await receiveGatewayEvents(deps, path, { body, header });
  switch (received.kind) {
    case "accepted":
      if (received.fresh > 0) deps.bell.ring(received.storeId, received.gateway);
      return { status: 200, body: { received: true } };
    case "unsigned":
      return {
        status: 400,
        body: { error: "The signature is not that of a gateway of ours, or it is too old" },
      };
    case "unknown":
      return { status: 404, body: { error: "There is no such gateway" } };
  }
}
