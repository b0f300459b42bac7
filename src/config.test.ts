import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

/** What is wrong with an environment. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const url = "postgres://me:pass@localhost:5432/shop";
const secret = "x".repeat(32);

test("nothing set is as good as everything set to nothing", () => {
  const defaults = readConfig({});
  expect(defaults).toEqual({
    port: 9000,
    host: "localhost",
    databaseUrl: undefined,
    dataDirectory: ".cartwright",
    seed: undefined,
    clientId: undefined,
    clientSecret: undefined,
    adminEmail: "admin@example.com",
    adminPassword: undefined,
    publishableKey: undefined,
    plainWebhooks: true,
    testProviders: false,
    paymentSessions: "eager",
    ordersById: "anyone",
    corsOrigins: "local",
    secret: undefined,
    logLevel: "info",
    poolSize: 10,
    drainMs: 1000,
    unknown: [],
  });
  const names = ["PORT", "HOST", "DATABASE_URL", "CARTWRIGHT_DATA_DIR", "CARTWRIGHT_SEED", "LOG_LEVEL"];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(defaults);
});

test.each(["0", "65535", " 80 "])("PORT %j", (port) => {
  expect(readConfig({ PORT: port }).port).toBe(Number(port));
});

test.each(["-1", "65536", "80.5", "1e3", "0x50", "http", "٣"])("not PORT %j", (port) => {
  expect(problemsOf({ PORT: port })).toEqual([
    `PORT must be a whole number from 0 to 65535, but it is "${port}"`,
  ]);
});

test("who may ask from a browser", () => {
  expect(
    readConfig({ CARTWRIGHT_CORS_ORIGINS: "https://a.example, http://b.example:8000/" }).corsOrigins,
  ).toEqual(["https://a.example", "http://b.example:8000"]);
  expect(problemsOf({ CARTWRIGHT_CORS_ORIGINS: "https://a.example,*" })).toEqual([
    'CARTWRIGHT_CORS_ORIGINS must be a list like https://shop.example,https://admin.example, but holds "*"',
  ]);
});

test("the first of the staff", () => {
  const env = { CARTWRIGHT_ADMIN_EMAIL: "Jo@Shop.Example", CARTWRIGHT_ADMIN_PASSWORD: "12345678" };
  expect(readConfig(env)).toMatchObject({ adminEmail: "jo@shop.example", adminPassword: "12345678" });
  expect(problemsOf({ CARTWRIGHT_ADMIN_EMAIL: "jo", CARTWRIGHT_ADMIN_PASSWORD: "1234567" })).toHaveLength(2);
  expect(problemsOf({ CARTWRIGHT_PUBLISHABLE_KEY: "pk with spaces" })).toHaveLength(1);
});

test("providers that tests direct are not for production", () => {
  expect(readConfig({ CARTWRIGHT_TEST_PROVIDERS: "true" }).testProviders).toBe(true);
  expect(problemsOf({ CARTWRIGHT_TEST_PROVIDERS: "true", NODE_ENV: "production" })).toHaveLength(1);
  expect(problemsOf({ CARTWRIGHT_TEST_PROVIDERS: "yes" })).toHaveLength(1);
});

describe("CARTWRIGHT_SECRET", () => {
  test("has 32 characters or more, and is never repeated", () => {
    expect(readConfig({ CARTWRIGHT_SECRET: secret }).secret).toBe(secret);
    expect(problemsOf({ CARTWRIGHT_SECRET: "hunter2" })).toEqual([
      "CARTWRIGHT_SECRET must have at least 32 characters, and has 7",
    ]);
  });

  test.each([
    [{ DATABASE_URL: url, NODE_ENV: "production" }, 1],
    [{ DATABASE_URL: url, NODE_ENV: "production", CARTWRIGHT_SECRET: secret }, 0],
    [{ DATABASE_URL: url }, 0],
    [{ NODE_ENV: "production" }, 0],
  ])("is asked for with DATABASE_URL in production only: %j", (env, problems) => {
    expect(problemsOf(env)).toHaveLength(problems);
  });
});

describe("mail", () => {
  const from = { CARTWRIGHT_MAIL_FROM: "My Shop <shop@shop.example>" };
  const mailOf = (url: string) => readConfig({ ...from, CARTWRIGHT_SMTP_URL: url }).mail;

  test.each([
    ["smtp://127.0.0.1:2525", { host: "127.0.0.1", port: 2525, isSecure: false, requiresTls: false }],
    ["smtps://me:p%40ss%2F@mail.example", { port: 465, isSecure: true, user: "me", password: "p@ss/" }],
    ["smtp://me:pw@mail.example/", { host: "mail.example", port: 587, requiresTls: true }],
    ["smtp://me:pw@localhost", { requiresTls: false }],
    ["smtp://me:pw@mail.example?starttls=optional", { requiresTls: false }],
    ["smtp://me:pw@[::1]:25", { host: "::1", port: 25, requiresTls: false }],
  ])("by %s", (url, smtp) => {
    expect(mailOf(url)).toMatchObject({ smtp, from: { name: "My Shop", address: "shop@shop.example" } });
  });

  test.each([
    "mail.example:587",
    "http://mail.example",
    "smtp://me@mail.example",
    "smtp://me:hush@mail.example/inbox",
    "smtp://me:hush@mail.example?tls=no",
    "smtp://me:a/b@mail.example",
  ])("not by %s, which is not repeated", (url) => {
    const [problem, ...more] = problemsOf({ ...from, CARTWRIGHT_SMTP_URL: url });
    expect(more).toEqual([]);
    expect(problem).toMatch(/^CARTWRIGHT_SMTP_URL must look like smtp:/);
    expect(problem).not.toContain("hush");
  });

  test("is from somebody", () => {
    expect(problemsOf({ CARTWRIGHT_SMTP_URL: "smtp://127.0.0.1" })).toEqual([
      "CARTWRIGHT_MAIL_FROM must be set together with CARTWRIGHT_SMTP_URL: the address that mails are from",
    ]);
    for (const wrong of ["shop", "My Shop shop@shop.example", "A <b>", "a@b.example\nBcc: c@d.example"]) {
      expect(problemsOf({ CARTWRIGHT_MAIL_FROM: wrong })).toHaveLength(1);
    }
    const env = { CARTWRIGHT_SMTP_URL: "smtp://127.0.0.1", CARTWRIGHT_MAIL_FROM: "shop@shop.example" };
    expect(readConfig(env).mail?.from).toEqual({ address: "shop@shop.example" });
    expect(readConfig({}).mail).toBeUndefined();
  });

  test("leads to a storefront", () => {
    expect(readConfig({ CARTWRIGHT_STOREFRONT_URL: "https://shop.example/en/" }).storefrontUrl).toBe(
      "https://shop.example/en",
    );
    for (const wrong of ["shop.example", "javascript:alert(1)", "https://shop.example/?a=b"]) {
      expect(problemsOf({ CARTWRIGHT_STOREFRONT_URL: wrong })).toHaveLength(1);
    }
  });
});

test.each([
  ["http://127.0.0.1:12111", 0],
  ["https://stripe.example.com", 0],
  ["https://stripe.example.com/v1", 1],
  ["stripe.example.com", 1],
  ["ftp://stripe.example.com", 1],
])("CARTWRIGHT_STRIPE_API_BASE and CARTWRIGHT_PAYPAL_API_BASE %j", (base, problems) => {
  for (const name of ["CARTWRIGHT_STRIPE_API_BASE", "CARTWRIGHT_PAYPAL_API_BASE"]) {
    const found = problemsOf({ [name]: base });
    expect(found).toHaveLength(problems);
    for (const problem of found) expect(problem).toContain(name);
  }
});

test.each([
  "postgres://localhost/shop",
  "postgresql://me:p%40ss@db.example.com:5432/shop?sslmode=require",
  "postgres://me@localhost/shop?host=/var/run/postgresql",
])("DATABASE_URL %j", (databaseUrl) => {
  expect(readConfig({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
});

test.each([
  "localhost",
  "mysql://localhost/shop",
  "postgres://me:pa#ss@localhost/shop",
  "postgres://me:a/b@h/d",
])("not DATABASE_URL %j, and it is not repeated", (databaseUrl) => {
  const [problem] = problemsOf({ DATABASE_URL: databaseUrl });
  expect(problem).toMatch(/^DATABASE_URL must look like postgres:/);
  expect(problem).not.toContain(databaseUrl);
});

test("the key pair is set as a pair, of visible characters", () => {
  expect(problemsOf({ CARTWRIGHT_CLIENT_ID: "us", CARTWRIGHT_CLIENT_SECRET: "hush" })).toEqual([]);
  expect(problemsOf({ CARTWRIGHT_CLIENT_ID: "us" })).toEqual([
    "CARTWRIGHT_CLIENT_ID and CARTWRIGHT_CLIENT_SECRET must be set together, but CARTWRIGHT_CLIENT_SECRET is not",
  ]);
  const [problem] = problemsOf({ CARTWRIGHT_CLIENT_ID: "us", CARTWRIGHT_CLIENT_SECRET: "not this" });
  expect(problem).toBe("CARTWRIGHT_CLIENT_SECRET must have 1 to 255 visible ASCII characters and no spaces");
});

test("an embedded database has less connections than one may ask of another", () => {
  expect(readConfig({ CARTWRIGHT_POOL_SIZE: "80" }).poolSize).toBe(80);
  expect(readConfig({ CARTWRIGHT_POOL_SIZE: "81", DATABASE_URL: url }).poolSize).toBe(81);
  expect(problemsOf({ CARTWRIGHT_POOL_SIZE: "81" })).toHaveLength(1);
});

test("a variable that looks like ours and is none is told of", () => {
  expect(readConfig({ CARTWRIGHT_DATADIR: "/data", CARTWRIGHT_SEED: "none", OTHER: "1" }).unknown).toEqual([
    "CARTWRIGHT_DATADIR",
  ]);
});
