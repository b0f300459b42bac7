import Mustache from "mustache";

/** What placeholders stand for, by their names (`order.number`). What is not given is nothing. */
export type PlaceholderValues = Partial<Readonly<Record<Placeholder, string>>>;

/** Everything that words of mails may name, and what it stands for. */
export const placeholders = {
  "store.name": "The store's name",
  "customer.name": "The whole name, where one is known",
  "customer.first_name": "The first name, or the whole name where it was not given apart",
  "customer.email": "The customer's e-mail address, where mails go that are not for the staff",
  "order.number": "What people call the order by",
  "order.id": "The order's id",
  "order.total": "What the order costs, with its currency",
  "order.date": "The day of the order, 2026-11-21",
  "edit.id": "The id of an edit of the order",
  amount: "What was received, failed, was paid back or is to be paid for an edit, with its currency",
  reason: "Why a payment failed, in the words of the gateway",
  tracking: "Tracking numbers, by commas",
  orders: "Numbers of the orders that are claimed, by commas",
  minutes: "How long a token is good for",
  token: "The token of a password reset or a claim",
  link: "Where the mail leads, when the engine knows the storefront",
} as const;

export type Placeholder = keyof typeof placeholders;

/**
 * Puts the values into a text with placeholders: `{{name}}` is what a value is, `{{#name}}…{{/name}}` is there only with
 * a value, `{{^name}}…{{/name}}` only without. The answer is plain text: whoever renders it escapes it.
 *
 * Throws when `templateProblem` finds one.
 */
export function fillTemplate(template: string, values: PlaceholderValues): string {
  const writer = new Mustache.Writer();
  return writer.render(template, viewOf(values), undefined, { escape: String });
}

/** What is wrong with a template, in a sentence; undefined when nothing is. */
export function templateProblem(template: string): string | undefined {
  try {
    return problemIn(new Mustache.Writer().parse(template) as readonly Token[]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Token = readonly [type: string, value: string, start: number, end: number, inside?: unknown];

/**
 * Only known names: one that is misspelt would be silently empty, and others reach what JavaScript gives its texts.
 * Partials and other delimiters have no use here.
 */
function problemIn(tokens: readonly Token[]): string | undefined {
  for (const [type, value, , , inside] of tokens) {
    if (type === "text" || type === "!") continue;
    if (type === ">" || type === "=") return `"{{${type}${value}}}" is not supported`;
    if (!Object.hasOwn(placeholders, value)) return `There is no placeholder "${value}"`;
    const within = Array.isArray(inside) ? problemIn(inside as readonly Token[]) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

function viewOf(values: PlaceholderValues): object {
  const view = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    const [group, member] = name.split(".") as [string, string?];
    if (member === undefined) view[group] = value;
    else view[group] = Object.assign(view[group] ?? Object.create(null), { [member]: value });
  }
  return view;
}
