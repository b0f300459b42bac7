import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { PaymentOperationType } from "../../src/domain/order/payment.ts";
import type { GatewayFault } from "./conformance.ts";

export type StandInRequest = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  header(name: string): string | undefined;
};

export type StandInReply = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A server in the place of a gateway's, whose calls of one kind can be made to go wrong. */
export type StandIn = {
  readonly url: string;
  /** Lets every call of this operation go wrong, or so many, until `heal`. */
  break(operation: PaymentOperationType, fault: GatewayFault, times?: number): void;
  /** Holds calls of this operation for so many milliseconds before they are carried out. */
  slow(operation: PaymentOperationType, delayMs: number): void;
  heal(): void;
  close(): Promise<void>;
};

/**
 * @param operationOf what a call is to do; undefined for questions, which always go well
 * @param answer carries a call out, after `hold` has been waited for
 */
export async function startStandIn(
  operationOf: (request: StandInRequest) => PaymentOperationType | undefined,
  answer: (request: StandInRequest, hold: () => Promise<void>) => Promise<StandInReply>,
): Promise<StandIn> {
  const faults = new Map<PaymentOperationType, { fault: GatewayFault; left: number }>();
  const delays = new Map<PaymentOperationType, number>();

  const faultOf = (operation: PaymentOperationType | undefined): GatewayFault | undefined => {
    const broken = operation && faults.get(operation);
    if (!broken || broken.left <= 0) return undefined;
    broken.left -= 1;
    return broken.fault;
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request: StandInRequest = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      body: Buffer.concat(chunks).toString("utf8"),
      header: (name) => incoming.headers[name] as string | undefined,
    };
    const operation = operationOf(request);
    const fault = faultOf(operation);
    const hold = async (): Promise<void> => {
      const delayMs = operation && delays.get(operation);
      if (delayMs !== undefined) await pause(delayMs);
    };
    if (fault === "lost_before") return void incoming.socket.destroy();
    if (fault === "failed_before" || fault === "busy") {
      outgoing.writeHead(fault === "busy" ? 429 : 500, { "content-type": "text/plain" }).end("not now");
      return;
    }
    const reply = await answer(request, hold);
    if (fault === "lost_after") return void incoming.socket.destroy();
    if (fault === "failed_after") {
      outgoing.writeHead(500, { "content-type": "text/plain" }).end("it broke");
      return;
    }
    outgoing.writeHead(reply.status, { "content-type": reply.type, ...reply.headers }).end(reply.body);
  };

  const server = createServer((incoming, outgoing) => {
    // A caller that has left is no concern of a stand-in's.
    serve(incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    break: (operation, fault, times = Number.POSITIVE_INFINITY) =>
      void faults.set(operation, { fault, left: times }),
    slow: (operation, delayMs) => void delays.set(operation, delayMs),
    heal() {
      faults.clear();
      delays.clear();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
