import { newReference } from "../engine.ts";

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

/** How one request of a buyer ended: with a status, or without an answer and why. */
export type Outcome = { readonly status: number; readonly body: unknown } | { readonly error: string };

/** A crowd that buys one thing after another. */
export type Buyers = {
  /** Orders whose payment was answered with 201. */
  readonly paid: readonly string[];
  /** How every request ended, in the order of the answers. */
  readonly outcomes: readonly Outcome[];
  /** Lets what is under way come to its end, and resolves then. */
  stop(): Promise<void>;
};

export type Shop = { readonly url: string; readonly clientId: string };

/** A token that a shopper's browser would get. */
export async function shopperToken(shop: Shop): Promise<string> {
  return token(shop, { grant_type: "implicit" });
}

/** A token of the merchant's own. */
export async function shopToken(shop: Shop, secret: string): Promise<string> {
  return token(shop, { grant_type: "client_credentials", client_secret: secret });
}

async function token({ url, clientId }: Shop, form: Record<string, string>): Promise<string> {
  const answer = await fetch(`${url}/oauth/access_token`, {
    method: "POST",
    body: new URLSearchParams({ ...form, client_id: clientId }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}

/**
 * Sets buyers to work: each fills a cart, checks out, pays, and begins anew, whatever comes back. An answer that takes
 * 20 seconds counts as none.
 * @param goesOn asked after every request that got no answer
 */
export function startBuyers(
  shop: Shop,
  bearer: string,
  options: { readonly count: number; readonly sku: string; goesOn(error: string): boolean },
): Buyers {
  const paid: string[] = [];
  const outcomes: Outcome[] = [];
  let stopped = false;

  const ask = async (path: string, data: unknown): Promise<{ id: string } | undefined> => {
    try {
      const answer = await fetch(`${shop.url}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: JSON.stringify({ data }),
        signal: AbortSignal.timeout(20_000),
      });
      const body = (await answer.json()) as { data: { id: string } };
      outcomes.push({ status: answer.status, body });
      return answer.status === 201 ? body.data : undefined;
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string; message: string } };
      const why = cause?.code ?? cause?.message ?? message;
      outcomes.push({ error: why });
      if (!options.goesOn(why)) stopped = true;
      return undefined;
    }
  };
  const buy = async (): Promise<void> => {
    const cart = `/v2/carts/${newReference()}`;
    if (!(await ask(`${cart}/items`, { type: "cart_item", sku: options.sku, quantity: 1 }))) return;
    const customer = { name: "Ada Byron", email: "ada@example.com" };
    const order = stopped ? undefined : await ask(`${cart}/checkout`, { customer, billing_address: address });
    if (!order || stopped) return;
    const payment = { gateway: "manual", method: "purchase" };
    if (await ask(`/v2/orders/${order.id}/payments`, payment)) paid.push(order.id);
  };
  const work = async (): Promise<void> => {
    while (!stopped) await buy();
  };
  const working = Array.from({ length: options.count }, work);
  return {
    paid,
    outcomes,
    async stop() {
      stopped = true;
      await Promise.all(working);
    },
  };
}

/** Those of the outcomes that a buyer would complain about: neither an answer as asked nor "try again in a moment". */
export function complaints(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter((outcome) => {
    if ("error" in outcome) return true;
    if (outcome.status < 300) return false;
    const { errors } = outcome.body as { errors?: readonly { status: unknown }[] };
    return outcome.status !== 503 || String(errors?.[0]?.status) !== "503";
  });
}

/** Puts more of a product on the shelf than anybody buys; answers its id. */
export async function stockUp(shop: Shop, bearer: string, sku: string): Promise<string> {
  const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
  const found = await fetch(`${shop.url}/v2/products?filter=eq(sku,${sku})`, { headers });
  const { data: products } = (await found.json()) as { data: { id: string }[] };
  const id = products[0]!.id;
  const data = { type: "stock-transaction", action: "increment", quantity: 100_000 };
  const body = JSON.stringify({ data });
  const counted = await fetch(`${shop.url}/v2/inventories/${id}/transactions`, {
    method: "POST",
    headers,
    body,
  });
  if (!counted.ok) throw new Error(await counted.text());
  return id;
}
