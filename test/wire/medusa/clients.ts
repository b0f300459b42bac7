/** The vendor's client of today, and one of 2021. */
export const clientNames = ["@medusajs/medusa-js", "medusa-js-1"] as const;
export type ClientName = (typeof clientNames)[number];

/**
 * A client of that name. Its own types are left out: they belong to a server that is not here, and what is sent and
 * answered is what tests look at. `maxRetries` of more than 0 makes it send idempotency keys.
 */
export async function medusaClient(
  name: ClientName,
  baseUrl: string,
  options: { readonly maxRetries?: number } = {},
  // biome-ignore lint/suspicious/noExplicitAny: see above
): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const module: any = await import(name);
  const Client = module.default?.default ?? module.default;
  return new Client({ baseUrl, maxRetries: options.maxRetries ?? 0 });
}
