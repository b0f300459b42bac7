import { Connection } from "../http.mjs";
import { authorizeBody, checkoutBody, itemBody } from "../journey.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts } from "../shop.mjs";
import { withEngines } from "../site.mjs";

const BUYERS = 100;
const TABS = 20;

export const voucher = {
  name: "r2",
  title: "a code for 1 and for 10 uses among 100 buyers, and in 20 tabs of one: as many orders as uses",
  isDefault: true,
  async run(options) {
    const rounds = [];
    let machine;
    for (const processes of options.processes) {
      const result = await withEngines(options, "r2", { processes }, async (site) => {
        const connections = Array.from(
          { length: BUYERS },
          (_, index) => new Connection(site.engines[index % processes].url),
        );
        const bar = progress("r2");
        try {
          for (let seed = 1; seed <= options.seeds; seed += 1) {
            for (const [limit, tabs] of [
              [1, false],
              [10, false],
              [1, true],
            ]) {
              rounds.push({
                processes,
                seed,
                limit,
                tabs,
                ...(await oneRound(site, connections, limit, tabs)),
              });
            }
            bar.at(seed, options.seeds);
          }
        } finally {
          bar.end();
          await Promise.all(connections.map((connection) => connection.close()));
        }
        return {};
      });
      machine ??= result.machine;
    }
    const kinds = new Map();
    for (const round of rounds) {
      const key = `${round.processes} ${round.limit} ${round.tabs}`;
      const kind = kinds.get(key) ?? {
        engines: round.processes,
        uses: round.limit,
        buyers: round.tabs ? `one, ${TABS} tabs` : String(BUYERS),
        rounds: 0,
        "orders a round": round.orders,
        refused: 0,
        "5xx": 0,
        broken: 0,
      };
      kind.rounds += 1;
      kind.refused += round.refused;
      kind["5xx"] += round.serverErrors;
      kind.broken += round.broken.length;
      kinds.set(key, kind);
    }
    console.log(table([...kinds.values()]));
    const broken = rounds.flatMap(({ broken, seed, limit }) =>
      broken.map((what) => `seed ${seed}, ${limit} uses: ${what}`),
    );
    return { machine, rounds, broken };
  },
};

let made = 0;

async function oneRound({ shop, database }, connections, limit, tabs) {
  made += 1;
  const code = `BENCH-${process.pid}-${made}`;
  const promotion = {
    type: "promotion",
    name: code,
    description: code,
    enabled: true,
    automatic: false,
    promotion_type: "fixed_discount",
    schema: { currencies: [{ currency: "USD", amount: 100 }] },
    start: "2020-01-01",
    end: "2090-01-01",
  };
  const { data } = await shop.ask("POST", "/v2/promotions", { data: promotion });
  const codes = { type: "promotion_codes", codes: [{ code, uses: limit }] };
  await shop.ask("POST", `/v2/promotions/${data.id}/codes`, { data: codes });
  const [product] = await makeProducts(shop, 1, undefined);
  const send = (connection, path, body) => connection.send("POST", path, shop.shopperHeaders, body);
  const newCart = async (connection) => {
    const cart = `/v2/carts/${crypto.randomUUID()}`;
    await send(connection, `${cart}/items`, itemBody(product));
    const entered = await send(
      connection,
      `${cart}/items`,
      JSON.stringify({ data: { type: "promotion_item", code } }),
    );
    if (entered.status !== 201) throw new Error(`The code was refused: ${entered.text}`);
    return cart;
  };
  const buyers = tabs ? connections.slice(0, TABS) : connections;
  const shared = tabs ? await newCart(connections[0]) : undefined;
  const carts = await Promise.all(buyers.map((connection) => shared ?? newCart(connection)));
  const placed = await Promise.all(
    buyers.map((connection, index) => send(connection, `${carts[index]}/checkout`, checkoutBody)),
  );
  const orders = placed.filter(({ status }) => status === 201);
  const paid = await Promise.all(
    orders.map(({ json }, index) =>
      send(connections[index], `/v2/orders/${json.data.id}/payments`, authorizeBody),
    ),
  );
  const [facts] = await database.run(
    `select c.used, c.held, (select coalesce(sum(u.times), 0)::int from promotion_use u where u.code = c.code) as noted
       from promotion_code c where c.code = $1`,
    [code],
  );
  const refused = placed.filter(({ status }) => status === 422).length;
  const serverErrors = [...placed, ...paid].filter(({ status }) => status >= 500).length;
  const broken = [
    orders.length !== limit && `${orders.length} orders have the code instead of ${limit}`,
    refused !== buyers.length - limit &&
      `${refused} were told that it is used up instead of ${buyers.length - limit}`,
    paid.some(({ status }) => status !== 201) && "an order with the code could not be paid for",
    (Number(facts.used) !== limit || Number(facts.held) !== 0 || Number(facts.noted) !== limit) &&
      `the code says ${facts.used} used and ${facts.held} held, its uses ${facts.noted}`,
    serverErrors > 0 && `${serverErrors} answers were 5xx`,
  ].filter(Boolean);
  return { orders: orders.length, refused, serverErrors, broken };
}
