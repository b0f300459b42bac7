/** One `name=value` of a query string: the name decoded, the value as it was sent, and both as they were sent. */
export type QueryParameter = { readonly name: string; readonly rawValue: string; readonly raw: string };

/** The parameters of an undecoded query string, in their order. Names may be percent-encoded, as `page%5Blimit%5D`. */
export function queryParameters(rawQuery: string): QueryParameter[] {
  return rawQuery
    .split("&")
    .filter((part) => part !== "")
    .map((raw) => {
      const [rawName = ""] = raw.split("=", 1);
      return { name: percentDecoded(rawName) ?? rawName, rawValue: raw.slice(rawName.length + 1), raw };
    });
}

/** The values of all parameters of that name, decoded; one that is not text in UTF-8 is left as it was sent. */
export function queryValues(rawQuery: string, name: string): string[] {
  return queryParameters(rawQuery)
    .filter((parameter) => parameter.name === name)
    .map(({ rawValue }) => percentDecoded(rawValue.replaceAll("+", " ")) ?? rawValue);
}

/**
 * A query string without the parameters that `dropped` names, fit to stand in a link: what a URL cannot hold is
 * percent-encoded, all else is as it was sent.
 */
export function rawQueryWithout(rawQuery: string, dropped: readonly string[]): string {
  const kept = queryParameters(rawQuery).filter(({ name }) => !dropped.includes(name));
  return kept
    .map(({ raw }) => raw.replace(/[^\w!$%&'()*+,\-./:;=?@[\]~]/g, (byte) => `%${hexOf(byte)}`))
    .join("&");
}

function hexOf(character: string): string {
  return Buffer.from(character, "latin1").toString("hex").toUpperCase();
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Percent-decoded text, or undefined when its bytes are no UTF-8. A `%` that begins no escape stands for itself, and so
 * does `+`. Characters from U+0080 to U+00FF are bytes that a client sent unencoded: Node hands them on as Latin-1.
 */
export function percentDecoded(raw: string): string | undefined {
  if (!/[^\0-$&-\x7f]/.test(raw)) return raw;
  if (/[^\0-\xff]/.test(raw)) return undefined;
  const bytes = raw.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return undefined;
  }
}
