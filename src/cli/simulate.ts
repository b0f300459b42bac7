import { once } from "node:events";
import { Command, InvalidArgumentError } from "commander";
import { CommandError } from "./readable-error.ts";
import { report } from "./with-core.ts";

/** Where other stand-ins of Stripe listen, too. */
const PORT = 12111;

type Options = {
  readonly port: number;
  readonly host: string;
  readonly file?: string;
  readonly webhooks?: string;
  readonly webhookSecret?: string;
};

export function simulateCommand(): Command {
  const command = new Command("simulate")
    .description(
      "run the simulator of Stripe alone, for CARTWRIGHT_STRIPE_API_BASE of an engine; no money moves",
    )
    .option("--port <number>", "port to listen on, 0 picks a free one", portOf, PORT)
    .option("--host <address>", "address to listen on; whoever reaches it can script it", "127.0.0.1")
    .option("--file <path>", "keep the books in this file; without it they are in memory")
    .option("--webhooks <url>", "call this address about what happens, http://127.0.0.1:9000/webhooks/stripe")
    .option("--webhook-secret <secret>", "what these calls are signed with, the gateway's webhook_secret")
    .option("--json", "print the address as JSON");
  return command.action(async () => {
    const { port, host, file, webhooks, webhookSecret } = command.opts<Options>();
    if ((webhooks === undefined) !== (webhookSecret === undefined)) {
      throw new CommandError("--webhooks and --webhook-secret belong together: calls are signed.");
    }
    // Waited for from here on: a signal may come while the books are read.
    const asked = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
    const [{ startStripeSimulator }, { createLog }] = await Promise.all([
      import("../simulator/server.ts"),
      import("./log.ts"),
    ]);
    const simulator = await startStripeSimulator({
      ...{ port, host, log: createLog("info") },
      ...(file !== undefined && { file }),
      ...(webhooks !== undefined &&
        webhookSecret !== undefined && { webhooks: { url: webhooks, secret: webhookSecret } }),
    }).catch((error: unknown) => {
      throw explained(error, port, host);
    });
    report(command, { url: simulator.url }, ({ url }) => welcome(url));
    await asked;
    await simulator.close();
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

function explained(error: unknown, port: number, host: string): unknown {
  const { code } = error as { code?: string };
  if (code === "EADDRINUSE")
    return new CommandError(`Port ${port} of ${host} is in use: choose another --port.`);
  if (code === "EACCES" || code === "EADDRNOTAVAIL") {
    return new CommandError(`Cannot listen on port ${port} of ${host} (${code}).`);
  }
  return error;
}

function welcome(url: string): string {
  return `
A simulator of Stripe listens on ${url}; no bank hears of it, no money moves.

  its books      ${url}/simulator
  test cards     ${url}/simulator/card
  an engine      CARTWRIGHT_STRIPE_API_BASE=${url} npm start
                 and a gateway "stripe" with a "login" that begins with sk_test_
`;
}
