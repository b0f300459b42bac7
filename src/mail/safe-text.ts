/** Longest subject and name in a header, in characters. */
const MAX_HEADER = 200;
/** Longest name that a mail greets with. */
const MAX_GREETED = 60;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text for a header of a mail: one line without anything that ends a line, turns the direction of writing or controls a
 * terminal, and not endless.
 */
export function headerText(text: string): string {
  const line = text
    .replace(/[\r\n\t]+/g, " ")
    .replace(controls, "")
    .replace(/ {2,}/g, " ")
    .trim();
  const signs = Array.from(line);
  return signs.length <= MAX_HEADER ? line : `${signs.slice(0, MAX_HEADER - 1).join("")}…`;
}

/** A text for a body: lines end with a line feed, and nothing but that controls anything. */
export function bodyText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "").trim();
}

/**
 * A name to greet somebody with, or none: anybody can register anybody's address, and whoever sends spam puts it with a
 * link into the name.
 */
export function greetedName(name: string): string {
  const line = headerText(name);
  const isName = line.length <= MAX_GREETED && !/:\/\/|www\.|@|\.[a-z]{2,}(\/|$|\s)/i.test(line);
  return isName ? line : "";
}

/** For HTML, in text and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] as string);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text without e-mail addresses and without what may be a token, for logs. */
export function withoutSecrets(text: string): string {
  return headerText(
    text
      .replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, "(address)")
      .replace(/[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, "(token)"),
  );
}

/** So much of an address that its owner knows it, and nobody else: `j…@example.com`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? "…" : `${Array.from(address)[0]}…${address.slice(at)}`;
}
