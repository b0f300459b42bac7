/** Somebody whom events are told to. */
export type WebhookEndpoint = {
  readonly id: string;
  /** An address that `addressProblem` has nothing against. */
  readonly url: string;
  readonly description: string;
  /** What happens while it is not waits until it is again. */
  readonly enabled: boolean;
  /** Types of events: `order.placed`, `order.*`, or `*` for all. */
  readonly types: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** Endpoints that a store may have. */
export const MAX_ENDPOINTS = 50;

/** Told when somebody asks whether an endpoint works, to nobody but it. */
export const TEST_EVENT = "webhook.test";

/** Events that carry a token with which somebody's account can be taken: nobody gets them by accident. */
export const tokenEvents: readonly string[] = [
  "customer.password_reset",
  "user.password_reset",
  "order-update-token.created",
];

/** Families of events that happen with every step of every shopper: `*` does not stand for them. */
const busyFamilies: readonly string[] = ["cart.*"];

/** What a type of events that somebody asks for looks like: a name, or a family of names, or everything. */
export const TYPE_PATTERN = "^(\\*|[a-z][a-z_-]*\\.(\\*|[A-Za-z][A-Za-z_-]*))$";

/** Whether events of this type are told to those who ask for these types. Events with a token must be asked for by name, those of carts by name or family. */
export function wantsType(types: readonly string[], type: string): boolean {
  return askedFor(type).some((asked) => types.includes(asked));
}

/** What stands for a type: itself, and as a rule its family and everything. */
export function askedFor(type: string): readonly string[] {
  if (tokenEvents.includes(type)) return [type];
  const family = `${type.slice(0, type.indexOf("."))}.*`;
  return busyFamilies.includes(family) ? [type, family] : [type, family, "*"];
}

/**
 * Why nothing can be told to an address, or undefined. What goes there is about people, so it must not be readable on
 * the way.
 * @param plain http to other machines is fine: this is no shop yet
 */
export function addressProblem(
  url: string,
  plain: boolean,
): "not_a_url" | "not_https" | "has_password" | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "not_a_url";
  }
  const { protocol, username, password, hostname } = parsed;
  if (protocol !== "https:" && protocol !== "http:") return "not_https";
  if (protocol === "http:" && !plain && !isLocal(hostname)) return "not_https";
  return username || password ? "has_password" : undefined;
}

function isLocal(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host)
  );
}
