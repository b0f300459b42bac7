import { Connection } from "./http.mjs";
import { credentials } from "./server.mjs";

const json = ["content-type", "application/json"];

/**
 * The shop's side of an engine: tokens of both kinds, as headers, and asking as the shop.
 */
export async function openShop(url) {
  const connection = new Connection(url);
  const token = async (grant) => {
    const form = new URLSearchParams({
      grant_type: grant,
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
    });
    const type = ["content-type", "application/x-www-form-urlencoded"];
    const answer = await connection.send("POST", "/oauth/access_token", type, form.toString());
    if (answer.status !== 200) throw new Error(`No token: ${answer.status} ${answer.text}`);
    return answer.json.access_token;
  };
  const shopHeaders = ["authorization", `Bearer ${await token("client_credentials")}`, ...json];
  const shop = {
    url,
    connection,
    shopHeaders,
    shopperHeaders: ["authorization", `Bearer ${await token("implicit")}`, ...json],
    /** Asks as the shop and answers the parsed body; throws unless the status is 2xx. */
    async ask(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await connection.send(method, path, shopHeaders, text);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      return answer.text === "" ? undefined : answer.json;
    },
    close: () => connection.close(),
  };
  // The demo store has it enabled; on DATABASE_URL there is no demo store.
  await shop.ask("PUT", "/v2/gateways/manual", { data: { type: "gateway", enabled: true } });
  return shop;
}

let made = 0;

/** Makes so many products, each with `stock` pieces (undefined: nobody counts them), and answers their ids. */
export async function makeProducts(shop, count, stock) {
  const ids = [];
  for (let index = 0; index < count; index += 1) {
    made += 1;
    const code = `BENCH-${Date.now().toString(36)}-${process.pid}-${made}`;
    const { data } = await shop.ask("POST", "/v2/products", {
      data: {
        type: "product",
        name: `Bench product ${made}`,
        slug: code.toLowerCase(),
        sku: code,
        description:
          "A product that exists to be bought as fast as possible, with a text of ordinary length.",
        manage_stock: stock !== undefined,
        price: [{ amount: 1999 + index, currency: "USD", includes_tax: true }],
        status: "live",
        commodity_type: "physical",
        ...(stock !== undefined && { stock }),
      },
    });
    ids.push(data.id);
  }
  return ids;
}

/** The three numbers of a product. */
export async function stockOf(shop, productId) {
  return (await shop.ask("GET", `/v2/inventories/${productId}`)).data;
}

/** Stock that no bench buys up. */
export const PLENTY = 100_000_000;
