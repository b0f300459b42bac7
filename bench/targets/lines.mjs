import { setTimeout as pause } from "node:timers/promises";
import { ascending, median, percentile, rounded } from "../figures.mjs";
import { authorizeBody, checkoutBody, expectStatus, itemBody } from "../journey.mjs";
import { progress, table } from "../report.mjs";
import { statementCount } from "../server.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { withEngines } from "../site.mjs";

const SIZES = [1, 9, 50, 200];
const TURNS = 30;

export const lines = {
  name: "r11",
  title: "carts of 1, 9, 50 and 200 lines: times and SQL statements of adding, reading and completing",
  isDefault: true,
  run: (options) =>
    withEngines(options, "r11", {}, async ({ shop }) => {
      const products = await makeProducts(shop, Math.max(...SIZES), PLENTY);
      const { data: settings } = await shop.ask("GET", "/v2/settings/cart");
      await shop.ask("PUT", "/v2/settings/cart", { data: { max_items: Math.max(...SIZES) } });
      try {
        await settled(shop);
        const bar = progress("r11");
        const sizes = [];
        for (const size of SIZES) {
          const notes = {};
          // The first turns warm the engine up and are not counted.
          for (let turn = -5; turn < TURNS; turn += 1) {
            await oneCart(shop, products.slice(0, size), turn < 0 ? undefined : notes);
            bar.at(sizes.length * TURNS + Math.max(turn, 0), SIZES.length * TURNS);
          }
          sizes.push({ lines: size, ...summarized(notes) });
        }
        bar.end();
        print(sizes);
        return { sizes };
      } finally {
        await shop.ask("PUT", "/v2/settings/cart", { data: { max_items: settings.max_items } });
      }
    }),
};

/** After a change of settings an engine reads them anew with each request for a while; that is no part of a request. */
async function settled(shop) {
  for (let tries = 0; tries < 300; tries += 1) {
    await pause(100);
    const before = await statementCount(shop.connection);
    for (let turn = 0; turn < 4; turn += 1) await shop.ask("GET", "/v2/settings/cart");
    if ((await statementCount(shop.connection)) - before <= 1) return;
  }
  throw new Error("The engine does not stop reading its settings");
}

async function oneCart(shop, productIds, notes) {
  const { connection, shopperHeaders: headers } = shop;
  const note = async (what, status, method, path, body) => {
    const before = await statementCount(connection);
    const start = performance.now();
    const answer = expectStatus(await connection.send(method, path, headers, body), status, what);
    const ms = performance.now() - start;
    const statements = (await statementCount(connection)) - before;
    if (notes) {
      notes[what] ??= [];
      notes[what].push({ ms, statements, bytes: answer.bytes.length });
    }
    return answer;
  };
  const cart = `/v2/carts/${crypto.randomUUID()}`;
  const [last, ...others] = productIds;
  if (others.length > 0) {
    const data = others.map((id) => ({ type: "cart_item", id, quantity: 1 }));
    await shop.ask("POST", `${cart}/items`, { data });
  }
  await note("add", 201, "POST", `${cart}/items`, itemBody(last));
  await note("read", 200, "GET", `${cart}?include=items`);
  const orderId = (await note("check out", 201, "POST", `${cart}/checkout`, checkoutBody)).id;
  await note("pay", 201, "POST", `/v2/orders/${orderId}/payments`, authorizeBody);
}

function summarized(notes) {
  const one = (all) => {
    const times = ascending(all.map(({ ms }) => ms));
    return {
      p50Ms: rounded(percentile(times, 0.5), 2),
      p95Ms: rounded(percentile(times, 0.95), 2),
      statements: median(all.map(({ statements }) => statements)),
      bytes: median(all.map(({ bytes }) => bytes)),
    };
  };
  return Object.fromEntries(Object.entries(notes).map(([what, all]) => [what, one(all)]));
}

function print(sizes) {
  console.log("Times in milliseconds of one client, without a gateway; SQL is the number of statements.\n");
  console.log(
    table(
      sizes.map(({ lines: count, ...steps }) => ({
        lines: count,
        ...Object.fromEntries(
          Object.entries(steps).flatMap(([what, { p50Ms, p95Ms, statements }]) => [
            [`${what} p50`, p50Ms],
            [`${what} p95`, p95Ms],
            [`${what} SQL`, statements],
          ]),
        ),
        "cart kB": rounded(steps.read.bytes / 1000, 1),
      })),
    ),
  );
}
