import { Command } from "commander";
import type { Logger } from "pino";
import { type Config, readConfig } from "../config.ts";
import type { Engine } from "../engine.ts";
import { keepHeapSmall } from "./small-heap.ts";
import { report } from "./with-core.ts";

/** How long everything may take to stop, in milliseconds; a database that hangs would otherwise hold us for good. */
const STOP_WITHIN_MS = 60_000;
/** How often we look whether the shell that npm made for us is still there, in milliseconds. */
const PARENT_EVERY_MS = 200;

export function startCommand(): Command {
  const command = new Command("start")
    .description("run the engine; without DATABASE_URL on an embedded PostgreSQL, at first with a demo store")
    .option("--json", "print address and keys as JSON");
  return command.action(async () => {
    keepHeapSmall();
    const config = readConfig(process.env);
    const { startEngine } = await import("../engine.ts");
    const { createLog } = await import("./log.ts");
    const log = createLog(config.logLevel);
    for (const variable of config.unknown) log.warn({ variable }, "this variable has no effect");
    const stopOnce = stopper(log);
    // Whoever presses Ctrl-C while the database is being made wants it stopped too, so signals wait for the start.
    const engine = await startEngine(config, { log });
    const { url, storeId, clientId: client_id, newClientSecret: client_secret } = engine;
    const { publishableKey: publishable_key, newAdminPassword: admin_password } = engine;
    const known = { url, store_id: storeId, client_id, client_secret, publishable_key };
    report(command, { ...known, admin_email: config.adminEmail, admin_password }, () =>
      welcome(engine, config),
    );
    log.info({ url, storeId }, "ready");
    stopOnce(engine);
  });
}

/**
 * Stops the engine when a signal asks for it, once, or when something happened that nobody expected: what the process
 * holds in memory cannot be trusted then, and all that counts is in the database.
 */
function stopper(log: Logger): (engine: Engine) => void {
  let running: Engine | undefined;
  let why: { readonly exitCode: number } | undefined;
  const stop = (exitCode: number): void => {
    why = { exitCode };
    if (running) close(running, exitCode, log);
  };
  const stopFor = (reason: object): void => {
    if (why !== undefined) return;
    log.info(reason, "stopping");
    stop(0);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => stopFor({ signal }));
  whenLeftBehind(() => stopFor({ reason: "npm has ended" }));
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "something unexpected happened; stopping");
    if (running && why === undefined) return stop(1);
    process.exit(1);
  });
  return (engine) => {
    running = engine;
    if (why) close(engine, why.exitCode, log);
  };
}

/**
 * npm passes SIGTERM on to the shell that it runs us in, and few shells pass it on to us: without this, an engine would
 * go on with nobody to stop it.
 */
function whenLeftBehind(act: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) act();
  }, PARENT_EVERY_MS).unref();
}

function close(engine: Engine, exitCode: number, log: Logger): void {
  setTimeout(() => {
    log.fatal({}, "does not come to an end; leaving");
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  engine.close().then(
    () => {
      log.info({}, "stopped");
      process.exit(exitCode);
    },
    (error: unknown) => {
      log.fatal({ err: error }, "could not stop cleanly");
      process.exit(1);
    },
  );
}

function welcome(
  { url, clientId, newClientSecret, newAdminPassword, publishableKey, cardsAreSimulated }: Engine,
  { host, clientSecret, adminEmail, adminPassword }: Config,
): string {
  const everywhere =
    host === "0.0.0.0" || host === "::" ? ", and on every other address of this machine" : "";
  const known = clientSecret === undefined ? "was shown at the first start" : "is CARTWRIGHT_CLIENT_SECRET";
  const secret = newClientSecret ?? `(${known}; a new pair: npx cartwright keys --new)`;
  const adminKnown =
    adminPassword === undefined ? "was shown at the first start" : "is CARTWRIGHT_ADMIN_PASSWORD";
  const cards = cardsAreSimulated
    ? `
Cards go to a simulator of Stripe, and no money moves: pay with { "gateway": "stripe", "payment": "pm_card_visa" }, or
with pm_card_chargeDeclined, pm_card_threeDSecure2Required, …
`
    : "";
  return `
Cartwright listens on ${url}${everywhere}

  client id      ${clientId}
  client secret  ${secret}
  admin          ${adminEmail}
  password       ${newAdminPassword ?? `(${adminKnown})`}
  storefront key ${publishableKey}
  reference      ${url}/docs
${cards}
Try it:

  TOKEN=$(curl -s ${url}/oauth/access_token -d grant_type=implicit -d client_id=${clientId} \\
    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/v2/products -H "Authorization: Bearer $TOKEN"
`;
}
