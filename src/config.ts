/** What the environment decides; see the README for what each variable means. */
export type Config = {
  readonly port: number;
  readonly host: string;
  /** Undefined: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  readonly dataDirectory: string;
  /** Undefined: `demo` on an empty embedded database, else `none`. */
  readonly seed: "demo" | "none" | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** E-mail of the first of the merchant's staff, lower case. */
  readonly adminEmail: string;
  /** Undefined: generated at the first start. */
  readonly adminPassword: string | undefined;
  /** The key that storefronts send to say where they sell; undefined: generated at the first start. */
  readonly publishableKey: string | undefined;
  /** Webhooks may go to other machines in clear: outside of production. */
  readonly plainWebhooks: boolean;
  /** Registers the payment and fulfilment providers that tests direct. */
  readonly testProviders: boolean;
  /** When payment sessions of a cart are prepared at their providers: at once, or when a shopper chooses one. */
  readonly paymentSessions: "eager" | "lazy";
  /** Who may read an order by its id in the Medusa Store API. */
  readonly ordersById: "anyone" | "owner";
  /** Who may ask the store and admin APIs from a browser, with cookies. */
  readonly corsOrigins: CorsOrigins;
  /** Signs tokens; undefined: generated into the data directory. */
  readonly secret: string | undefined;
  /** Where Stripe's API is; undefined: at Stripe. */
  readonly stripeApiBase: string | undefined;
  /** Where Braintree's API is; undefined: at Braintree, where the gateway's environment says. */
  readonly braintreeApiBase: string | undefined;
  /** Where Adyen's API is; undefined: at Adyen, where the gateway's settings say. */
  readonly adyenApiBase: string | undefined;
  /** Where PayPal's API is; undefined: at PayPal. */
  readonly paypalApiBase: string | undefined;
  /** How mail is sent; undefined: none is. */
  readonly mail: MailConfig | undefined;
  /** Where links in mails lead, without a slash at its end; undefined: they hold none. */
  readonly storefrontUrl: string | undefined;
  readonly logLevel: LogLevel;
  /** Connections of this process to the database. */
  readonly poolSize: number;
  /** How long a stopping engine waits for clients to leave connections that they use, in milliseconds. */
  readonly drainMs: number;
  /** Variables that are named like ours and have no effect. */
  readonly unknown: readonly string[];
};

/** The server that takes mail, and who it is from. */
export type MailConfig = {
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    /** TLS from the first byte (`smtps:`). */
    readonly isSecure: boolean;
    /** No mail and no password without TLS. */
    readonly requiresTls: boolean;
    readonly user?: string;
    readonly password?: string;
  };
  readonly from: { readonly name?: string; readonly address: string };
};

/** What `CARTWRIGHT_POOL_SIZE` is without being set. */
const POOL_SIZE = 10;
/** Characters of a password that staff sign in with. */
const MIN_PASSWORD = 8;
/** The embedded server takes 100 connections; this leaves some for commands and a second engine. */
const MAX_EMBEDDED_POOL_SIZE = 80;

/** Origins such as `https://shop.example`; `local` are those of this machine, on every port. */
export type CorsOrigins = "local" | readonly string[];

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
/** How much is logged: everything of the level and of those before it. */
export type LogLevel = (typeof logLevels)[number];

/** Everything that is wrong with the environment, in sentences. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads the configuration; an empty variable is as good as none. Throws a ConfigError that names every mistake. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const known = new Set<string>();
  const read = (name: string): string | undefined => {
    known.add(name);
    return env[name]?.trim() || undefined;
  };
  const wholeNumber = (name: string, fallback: number, min: number, max: number): number => {
    const text = read(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    problems.push(`${name} must be a whole number from ${min} to ${max}, but it is "${text}"`);
    return fallback;
  };
  const oneOf = <Value extends string>(name: string, values: readonly Value[]): Value | undefined => {
    const text = read(name);
    const value = values.find((candidate) => candidate === text);
    if (text !== undefined && value === undefined) {
      problems.push(`${name} must be one of ${values.join(", ")}, but it is "${text}"`);
    }
    return value;
  };

  const databaseUrl = read("DATABASE_URL");
  if (databaseUrl !== undefined && !isPostgresUrl(databaseUrl)) {
    problems.push(
      "DATABASE_URL must look like postgres://user:password@host:5432/database, with characters such as @ : / # ? in " +
        "the password percent-encoded",
    );
  }
  const secret = read("CARTWRIGHT_SECRET");
  if (secret !== undefined && secret.length < 32) {
    problems.push(`CARTWRIGHT_SECRET must have at least 32 characters, and has ${secret.length}`);
  }
  if (secret === undefined && databaseUrl !== undefined && read("NODE_ENV") === "production") {
    problems.push(
      "CARTWRIGHT_SECRET must be set when NODE_ENV is production and DATABASE_URL is used, so that all processes sign " +
        "alike; make one with: openssl rand -hex 32",
    );
  }
  const clientId = read("CARTWRIGHT_CLIENT_ID");
  const clientSecret = read("CARTWRIGHT_CLIENT_SECRET");
  if ((clientId === undefined) !== (clientSecret === undefined)) {
    const missing = clientId === undefined ? "CARTWRIGHT_CLIENT_ID" : "CARTWRIGHT_CLIENT_SECRET";
    problems.push(
      `CARTWRIGHT_CLIENT_ID and CARTWRIGHT_CLIENT_SECRET must be set together, but ${missing} is not`,
    );
  }
  for (const [name, value] of [
    ["CARTWRIGHT_CLIENT_ID", clientId],
    ["CARTWRIGHT_CLIENT_SECRET", clientSecret],
  ] as const) {
    if (value !== undefined && !/^[\x21-\x7e]{1,255}$/.test(value)) {
      problems.push(`${name} must have 1 to 255 visible ASCII characters and no spaces`);
    }
  }
  const adminEmail = (read("CARTWRIGHT_ADMIN_EMAIL") ?? "admin@example.com").toLowerCase();
  if (!isEmail(adminEmail)) {
    problems.push(`CARTWRIGHT_ADMIN_EMAIL must be an e-mail address, but it is "${adminEmail}"`);
  }
  const adminPassword = read("CARTWRIGHT_ADMIN_PASSWORD");
  if (adminPassword !== undefined && adminPassword.length < MIN_PASSWORD) {
    problems.push(
      `CARTWRIGHT_ADMIN_PASSWORD must have at least ${MIN_PASSWORD} characters, and has ${adminPassword.length}`,
    );
  }
  const publishableKey = read("CARTWRIGHT_PUBLISHABLE_KEY");
  if (publishableKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(publishableKey)) {
    problems.push("CARTWRIGHT_PUBLISHABLE_KEY must have 1 to 255 visible ASCII characters and no spaces");
  }
  const testProviders = oneOf("CARTWRIGHT_TEST_PROVIDERS", ["true", "false"]) === "true";
  if (testProviders && read("NODE_ENV") === "production") {
    problems.push(
      "CARTWRIGHT_TEST_PROVIDERS cannot be true when NODE_ENV is production: whoever pays with them pays nothing",
    );
  }
  const originsText = read("CARTWRIGHT_CORS_ORIGINS");
  const corsOrigins: CorsOrigins =
    originsText?.split(",").map((origin) => origin.trim().replace(/\/$/, "")) ?? "local";
  for (const origin of corsOrigins === "local" ? [] : corsOrigins) {
    if (!isHttpBase(origin)) {
      problems.push(
        `CARTWRIGHT_CORS_ORIGINS must be a list like https://shop.example,https://admin.example, but holds "${origin}"`,
      );
    }
  }
  const poolSize = wholeNumber("CARTWRIGHT_POOL_SIZE", POOL_SIZE, 1, 1000);
  if (databaseUrl === undefined && poolSize > MAX_EMBEDDED_POOL_SIZE) {
    problems.push(
      `CARTWRIGHT_POOL_SIZE can be ${MAX_EMBEDDED_POOL_SIZE} at most with the embedded database, but it is ${poolSize}`,
    );
  }
  const httpBase = (name: string): string | undefined => {
    const text = read(name);
    if (text === undefined || isHttpBase(text)) return text;
    problems.push(`${name} must look like https://host:port, without a path, but it is "${text}"`);
    return undefined;
  };
  const smtpText = read("CARTWRIGHT_SMTP_URL");
  const fromText = read("CARTWRIGHT_MAIL_FROM");
  const smtp = smtpText === undefined ? undefined : smtpOf(smtpText);
  const from = fromText === undefined ? undefined : senderOf(fromText);
  if (smtpText !== undefined && !smtp) {
    problems.push(
      "CARTWRIGHT_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465, with " +
        "characters such as @ : / # ? in the password percent-encoded; smtp://…?starttls=optional sends a password " +
        "without TLS too, where the server has none",
    );
  }
  if (fromText !== undefined && !from) {
    problems.push(
      `CARTWRIGHT_MAIL_FROM must look like shop@example.com or My Shop <shop@example.com>, but it is "${fromText}"`,
    );
  }
  if (smtpText !== undefined && fromText === undefined) {
    problems.push(
      "CARTWRIGHT_MAIL_FROM must be set together with CARTWRIGHT_SMTP_URL: the address that mails are from",
    );
  }
  const storefrontText = read("CARTWRIGHT_STOREFRONT_URL");
  const storefrontUrl = storefrontText?.replace(/\/+$/, "");
  if (storefrontUrl !== undefined && !isWebAddress(storefrontUrl)) {
    problems.push(
      `CARTWRIGHT_STOREFRONT_URL must look like https://shop.example or https://shop.example/en, but it is "${storefrontText}"`,
    );
  }
  const config = {
    port: wholeNumber("PORT", 9000, 0, 65_535),
    host: read("HOST") ?? "localhost",
    databaseUrl,
    dataDirectory: read("CARTWRIGHT_DATA_DIR") ?? ".cartwright",
    seed: oneOf("CARTWRIGHT_SEED", ["demo", "none"]),
    clientId,
    clientSecret,
    adminEmail,
    adminPassword,
    publishableKey,
    plainWebhooks: read("NODE_ENV") !== "production",
    testProviders,
    paymentSessions: oneOf("CARTWRIGHT_PAYMENT_SESSIONS", ["eager", "lazy"]) ?? "eager",
    ordersById: oneOf("CARTWRIGHT_ORDERS_BY_ID", ["anyone", "owner"]) ?? "anyone",
    corsOrigins,
    secret,
    stripeApiBase: httpBase("CARTWRIGHT_STRIPE_API_BASE"),
    braintreeApiBase: httpBase("CARTWRIGHT_BRAINTREE_API_BASE"),
    adyenApiBase: httpBase("CARTWRIGHT_ADYEN_API_BASE"),
    paypalApiBase: httpBase("CARTWRIGHT_PAYPAL_API_BASE"),
    mail: smtp && from && { smtp, from },
    storefrontUrl,
    logLevel: oneOf("LOG_LEVEL", logLevels) ?? "info",
    poolSize,
    drainMs: wholeNumber("CARTWRIGHT_DRAIN_MS", 1000, 0, 20_000),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  const unknown = Object.keys(env).filter((name) => name.startsWith("CARTWRIGHT_") && !known.has(name));
  return { ...config, unknown };
}

/** Config imports nothing; who receives mail at the address is not known here anyway. */
function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text) && text.length <= 254;
}

/** Credentials want TLS, unless the server is this machine, or whoever runs it says otherwise. */
function smtpOf(text: string): MailConfig["smtp"] | undefined {
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
    const isSmtp = protocol === "smtp:" || protocol === "smtps:";
    const isBare =
      pathname.replace("/", "") === "" && hash === "" && ["", "?starttls=optional"].includes(search);
    if (!isSmtp || hostname === "" || !isBare || (username === "") !== (password === "")) return undefined;
    const isSecure = protocol === "smtps:";
    const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
    return {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? (isSecure ? 465 : 587) : Number(port),
      isSecure,
      requiresTls: !isSecure && username !== "" && !isLocal && search === "",
      ...(username !== "" && {
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
      }),
    };
  } catch {
    return undefined;
  }
}

function senderOf(text: string): MailConfig["from"] | undefined {
  const [, name, address = text] = /^([^<>\r\n]*)<([^<>]+)>$/.exec(text) ?? [];
  if (!isEmail(address)) return undefined;
  const plain = name?.trim().replace(/^"(.*)"$/, "$1");
  return { ...(plain && { name: plain }), address };
}

function isWebAddress(text: string): boolean {
  try {
    const { protocol, search, hash, username } = new URL(text);
    return (protocol === "https:" || protocol === "http:") && search === "" && hash === "" && username === "";
  } catch {
    return false;
  }
}

function isHttpBase(text: string): boolean {
  try {
    const { protocol, pathname, search, hash, username } = new URL(text);
    const bare = pathname === "/" && search === "" && hash === "" && username === "";
    return bare && (protocol === "http:" || protocol === "https:");
  } catch {
    return false;
  }
}

function isPostgresUrl(text: string): boolean {
  try {
    const { protocol, hash } = new URL(text);
    return (protocol === "postgres:" || protocol === "postgresql:") && hash === "";
  } catch {
    return false;
  }
}
