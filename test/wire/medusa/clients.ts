import type { MedusaWire } from "./harness.ts";

/** The vendor's client of today, and one of 2021. */
export const clientNames = ["@medusajs/medusa-js", "medusa-js-1"] as const;
export type ClientName = (typeof clientNames)[number];

/**
 * A client of that name, whose answers are judged like all others. Its own types are left out: they belong to a server that is not here, and what is sent and
 * answered is what tests look at. `maxRetries` of more than 0 makes it send idempotency keys.
 */
export async function medusaClient(
  name: ClientName,
  wire: MedusaWire,
  options: { readonly maxRetries?: number } = {},
  // biome-ignore lint/suspicious/noExplicitAny: see above
): Promise<any> {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const module: any = await import(name);
  const Client = module.default?.default ?? module.default;
  const client = new Client({ baseUrl: wire.url, maxRetries: options.maxRetries ?? 0 });
  const look = ({ config, status, data }: AxiosAnswer) =>
    wire.judge({
      method: config.method.toUpperCase(),
      url: new URL(config.url, wire.url).href,
      status,
      body: data,
    });
  client.client.axiosClient.interceptors.response.use(
    (answer: AxiosAnswer) => {
      look(answer);
      return answer;
    },
    (error: { readonly response?: AxiosAnswer }) => {
      if (error.response) look(error.response);
      throw error;
    },
  );
  return client;
}

/** What the clients' HTTP library tells of an answer, as far as it is looked at. */
type AxiosAnswer = {
  readonly config: { readonly method: string; readonly url: string };
  readonly status: number;
  readonly data: unknown;
};
