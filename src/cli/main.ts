import { Command } from "commander";
import { packageVersion } from "../package-files.ts";
import { doctorCommand } from "./doctor.ts";
import { keysCommand } from "./keys.ts";
import { migrateCommand } from "./migrate.ts";
import { readableError } from "./readable-error.ts";
import { reconcileCommand } from "./reconcile.ts";
import { seedCommand } from "./seed.ts";
import { simulateCommand } from "./simulate.ts";
import { startCommand } from "./start.ts";

/** Runs a command line; what a person can mend is said in a sentence and ends with exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("cartwright")
    .description("The checkout engine a shop owns: takes a cart to a paid, shipped order.")
    .version(await packageVersion())
    .showHelpAfterError("(cartwright --help lists all commands and variables)")
    .addHelpText("after", environmentHelp);
  for (const command of [
    startCommand(),
    migrateCommand(),
    seedCommand(),
    keysCommand(),
    doctorCommand(),
    reconcileCommand(),
    simulateCommand(),
  ]) {
    command.copyInheritedSettings(program);
    program.addCommand(command.addHelpText("after", "\nWhat the environment decides: cartwright --help"));
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = 1;
    console.error(readableError(error));
  }
}

const environmentHelp = `
Environment:
  PORT                      HTTP port, 0 picks a free one (9000)
  HOST                      address to listen on (localhost)
  DATABASE_URL              a PostgreSQL URL; without it the embedded PostgreSQL is used
  CARTWRIGHT_DATA_DIR       where the embedded database lives (.cartwright)
  CARTWRIGHT_SEED           demo or none (demo on an empty embedded database, else none)
  CARTWRIGHT_CLIENT_ID      the store's key pair, together with
  CARTWRIGHT_CLIENT_SECRET    (generated at the first start)
  CARTWRIGHT_ADMIN_EMAIL    first of the merchant's staff (admin@example.com), together with
  CARTWRIGHT_ADMIN_PASSWORD   (generated at the first start)
  CARTWRIGHT_PUBLISHABLE_KEY  what storefronts name themselves by (generated at the first start)
  CARTWRIGHT_CORS_ORIGINS   origins, by commas, that may use /store and /admin from a browser (those of this machine)
  CARTWRIGHT_PAYMENT_SESSIONS eager or lazy: when payment sessions are prepared at their providers (eager)
  CARTWRIGHT_ORDERS_BY_ID   anyone or owner: who may read an order by its id in the Medusa Store API (anyone)
  CARTWRIGHT_STRIPE_API_BASE  where Stripe's API is, for a proxy or a stand-in (Stripe's own); in the same way
                            CARTWRIGHT_BRAINTREE_API_BASE, CARTWRIGHT_ADYEN_API_BASE, CARTWRIGHT_PAYPAL_API_BASE
  CARTWRIGHT_TEST_PROVIDERS true: ways to pay and ship that tests direct (false; never with NODE_ENV=production)
  CARTWRIGHT_SMTP_URL       the server that mail is handed to, smtp://user:password@host:587 or smtps://… (no mail),
                            together with
  CARTWRIGHT_MAIL_FROM        whom mail is from, My Shop <shop@shop.example>
  CARTWRIGHT_STOREFRONT_URL where links in mails lead, https://shop.example (mails have none)
  CARTWRIGHT_SECRET         signs tokens, 32 characters or more (generated into the data directory; must be
                            set with DATABASE_URL and NODE_ENV=production)
  CARTWRIGHT_POOL_SIZE      connections to the database (10)
  CARTWRIGHT_DRAIN_MS       how long a stopping engine waits for clients to leave their connections (1000)
  LOG_LEVEL                 fatal, error, warn, info, debug, trace or silent (info)`;
