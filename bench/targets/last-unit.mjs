import { setTimeout as pause } from "node:timers/promises";
import { randomFrom, shuffled } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { checkoutBody, expectStatus, itemBody } from "../journey.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, stockOf } from "../shop.mjs";
import { withEngines } from "../site.mjs";

const BUYERS = 200;
const STOCKS = [1, 10, 199, 200];

export const lastUnit = {
  name: "r1",
  title: "200 buyers pay for the last pieces at once: exactly as many are paid for as there are",
  isDefault: true,
  async run(options) {
    const rounds = [];
    let machine;
    for (const processes of options.processes) {
      const result = await withEngines(options, "r1", { processes }, async (site) => {
        const connections = Array.from(
          { length: BUYERS },
          (_, index) => new Connection(site.engines[index % processes].url),
        );
        const bar = progress(`r1 with ${processes} engine${processes > 1 ? "s" : ""}`);
        try {
          for (let seed = 1; seed <= options.seeds; seed += 1) {
            for (const [index, stock] of STOCKS.entries()) {
              rounds.push({ processes, seed, stock, ...(await oneRound(site, connections, stock, seed)) });
              bar.at((seed - 1) * STOCKS.length + index + 1, options.seeds * STOCKS.length);
            }
          }
        } finally {
          bar.end();
          await Promise.all(connections.map((connection) => connection.close()));
        }
        return {};
      });
      machine ??= result.machine;
    }
    print(rounds);
    const broken = rounds.flatMap(({ broken, processes, seed, stock }) =>
      broken.map((what) => `${processes} engines, seed ${seed}, ${stock} pieces: ${what}`),
    );
    return { machine, rounds, broken };
  },
};

async function oneRound({ shop, database }, connections, stock, seed) {
  const random = randomFrom(seed * 1000 + stock);
  const [productId] = await makeProducts(shop, 1, stock);
  const orderIds = await Promise.all(
    connections.map((connection) => placeOrder(connection, shop, productId)),
  );

  const watch = watchStock(database, productId);
  const answers = await Promise.all(
    shuffled([...orderIds.keys()], random).map(async (buyer) => {
      const method = random() < 0.5 ? "authorize" : "purchase";
      const body = JSON.stringify({ data: { gateway: "manual", method } });
      const path = `/v2/orders/${orderIds[buyer]}/payments`;
      return connections[buyer].send("POST", path, shop.shopperHeaders, body);
    }),
  );
  const samples = await watch.stop();

  const paid = answers.filter(({ status }) => status === 201).length;
  const serverErrors = answers.filter(({ status }) => status >= 500).length;
  const otherRefusals = answers.filter(
    ({ status, text }) => status !== 201 && status < 500 && !/insufficient stock/i.test(text),
  );
  const after = await stockOf(shop, productId);
  const [facts] = await database.run(
    `select (select count(*) from orders where $1 = any(product_ids) and payment in ('authorized', 'paid')) as paid,
       (select count(*) from stock_movement where product_id = $1 and action = 'allocate') as moves`,
    [productId],
  );
  const wanted = Math.min(BUYERS, stock);
  const broken = [
    paid !== wanted && `${paid} payments were accepted instead of ${wanted}`,
    facts.paid !== wanted && `${facts.paid} orders are paid instead of ${wanted}`,
    facts.moves !== wanted && `stock was allocated ${facts.moves} times instead of ${wanted}`,
    (after.total !== stock || after.allocated !== wanted) &&
      `the stock is ${after.total} with ${after.allocated} allocated`,
    serverErrors > 0 && `${serverErrors} answers were 5xx`,
    otherRefusals.length > 0 && `${otherRefusals.length} were refused otherwise: ${otherRefusals[0]?.text}`,
    samples.bad > 0 && `${samples.bad} of ${samples.count} looks at the stock were impossible`,
  ].filter(Boolean);
  return { paid, serverErrors, samples: samples.count, broken };
}

async function placeOrder(connection, shop, productId) {
  const cart = `/v2/carts/${crypto.randomUUID()}`;
  const { shopperHeaders } = shop;
  const added = await connection.send("POST", `${cart}/items`, shopperHeaders, itemBody(productId));
  expectStatus(added, 201, "add item");
  const placed = await connection.send("POST", `${cart}/checkout`, shopperHeaders, checkoutBody);
  return expectStatus(placed, 201, "check out").id;
}

/** Looks at the numbers every 10 ms, in the database: the engine has 200 others to answer first. */
function watchStock(database, productId) {
  let over = false;
  let count = 0;
  let bad = 0;
  const watching = (async () => {
    while (!over) {
      const text = "select total, allocated from stock where product_id = $1";
      const [{ total, allocated }] = await database.run(text, [productId]);
      count += 1;
      if (!(0 <= allocated && allocated <= total)) bad += 1;
      await pause(10);
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      return { count, bad };
    },
  };
}

function print(rounds) {
  const groups = groupedBy(rounds, ({ processes, stock }) => `${processes}/${stock}`);
  console.log(
    table(
      [...groups.values()].map((group) => ({
        engines: group[0].processes,
        pieces: group[0].stock,
        buyers: BUYERS,
        rounds: group.length,
        "paid for": [...new Set(group.map(({ paid }) => paid))].join(", "),
        "5xx": group.reduce((sum, { serverErrors }) => sum + serverErrors, 0),
        "looks at the stock": group.reduce((sum, { samples }) => sum + samples, 0),
        broken: group.reduce((sum, { broken }) => sum + broken.length, 0),
      })),
    ),
  );
}

function groupedBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (groups.has(key)) groups.get(key).push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
