import { setTimeout as pause } from "node:timers/promises";
import { createAudit } from "../audit.mjs";
import { MINUTE_MS, reconcile, WEBHOOK_SECRET, webhooksSettled, withCards } from "../card-site.mjs";
import { rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { authorizeBody, checkoutBody, expectStatus, itemBody } from "../journey.mjs";
import { progress, table } from "../report.mjs";
import { makeProducts, stockOf } from "../shop.mjs";

const COPIES = 20;
const STRANGERS = 5;
/** The gateway's calls about a payment, which come while it is being paid. */
const WEBHOOKS = { copies: 5, withinMs: 30 };
const cardBody = JSON.stringify({
  data: { gateway: "stripe", method: "authorize", payment: "pm_card_visa" },
});

export const repeats = {
  name: "r4",
  title:
    "20 times the same checkout, payment and capture of a cart at once, and 5 other payments, or 5 webhooks: one of each",
  isDefault: true,
  async run(options) {
    const runs = [];
    let machine;
    for (const processes of options.processes) {
      const result = await withCards(options, "r4", { processes }, async (site) => {
        const connections = Array.from(
          { length: COPIES + STRANGERS },
          (_, index) => new Connection(site.engines[index % processes].url),
        );
        const { url } = site.engines[processes - 1];
        site.simulator.setWebhooks({ url: `${url}/webhooks/stripe`, secret: WEBHOOK_SECRET, ...WEBHOOKS });
        const bar = progress("r4");
        const began = performance.now();
        const carts = [];
        try {
          for (let index = 0; index < options.carts; index += 1) {
            carts.push(await oneCart(site, connections, index % 2 === 1));
            bar.at(index + 1, options.carts);
          }
        } finally {
          bar.end();
          await Promise.all(connections.map((connection) => connection.close()));
        }
        const seconds = rounded((performance.now() - began) / 1000, 1);
        const broken = (await webhooksSettled(site)) ? [] : ["what webhooks told was not looked at"];
        await reconcile(site, { aheadMs: MINUTE_MS, fetch: true });
        broken.push(...(await createAudit(site).run()));
        const { accepted } = site.simulator.webhookCounts;
        runs.push({ processes, carts, seconds, webhooks: accepted, broken });
        return {};
      });
      machine ??= result.machine;
    }
    const sum = (carts, member) => carts.reduce((total, cart) => total + cart[member], 0);
    console.log(
      table(
        runs.map(({ processes, carts, seconds, webhooks }) => ({
          engines: processes,
          carts: carts.length,
          "by card": carts.filter(({ byCard }) => byCard).length,
          "requests a cart": COPIES * 3 + STRANGERS,
          webhooks,
          orders: sum(carts, "orders"),
          payments: sum(carts, "payments"),
          captures: sum(carts, "captures"),
          "stock moves": sum(carts, "moves"),
          "answered 409, asked again": sum(carts, "waits"),
          "5xx": sum(carts, "serverErrors"),
          seconds,
        })),
      ),
    );
    const broken = runs.flatMap(({ processes, carts, broken }) => [
      ...carts.flatMap((cart, index) =>
        cart.broken.map((what) => `${processes} engines, cart ${index + 1}: ${what}`),
      ),
      ...broken.map((what) => `${processes} engines: ${what}`),
    ]);
    return { machine, runs, broken };
  },
};

async function oneCart({ shop, database }, connections, byCard) {
  // A product of its own, so that what became of the cart can be counted.
  const [productId] = await makeProducts(shop, 1, 100);
  const cart = `/v2/carts/${crypto.randomUUID()}`;
  const { shopperHeaders, shopHeaders } = shop;
  const added = await connections[0].send("POST", `${cart}/items`, shopperHeaders, itemBody(productId));
  expectStatus(added, 201, "add item");
  const count = { waits: 0, serverErrors: 0 };
  const copies = connections.slice(0, COPIES);
  const sameTo = (path, headers, body) => {
    const keyed = [...headers, "idempotency-key", crypto.randomUUID()];
    return Promise.all(copies.map((connection) => untilAnswered(connection, path, keyed, body, count)));
  };

  const placed = await sameTo(`${cart}/checkout`, shopperHeaders, checkoutBody);
  const orderId = expectStatus(placed[0], 201, "check out").id;
  const order = `/v2/orders/${orderId}`;
  // To card payments it is the gateway that calls in between.
  const strangers = Promise.all(
    connections.slice(byCard ? connections.length : COPIES).map((connection) => {
      return untilAnswered(connection, `${order}/payments`, shopperHeaders, authorizeBody, count);
    }),
  );
  const paid = await sameTo(`${order}/payments`, shopperHeaders, byCard ? cardBody : authorizeBody);
  const others = (await strangers).filter(({ status }) => status === 201);
  // Whoever came first has paid: the copies with one payment, or one of the others.
  const payment = paid.find(({ status }) => status === 201) ?? others[0];
  const transactionId = expectStatus(payment ?? paid[0], 201, "pay").id;
  const captured = await sameTo(`${order}/transactions/${transactionId}/capture`, shopHeaders, "{}");

  const [facts] = await database.run(
    `select (select count(*) from orders where $1 = any(product_ids)) as orders,
       (select count(*) from stock_movement where product_id = $1 and action = 'allocate') as moves,
       (select count(*) from event where subject_id = $2 and type = 'order.placed') as created,
       (select count(*) from event where subject_id = $2 and type = 'payment.authorized') as payments,
       (select count(*) from event where subject_id = $2 and type = 'payment.captured') as captures`,
    [productId, orderId],
  );
  const stock = await stockOf(shop, productId);
  const alike = (answers) => new Set(answers.map(({ status, text }) => `${status} ${text}`)).size === 1;
  const broken = [
    facts.orders !== 1 && `there are ${facts.orders} orders`,
    facts.created !== 1 && `${facts.created} events say that the order was placed`,
    facts.payments !== 1 && `it was paid ${facts.payments} times`,
    facts.captures !== 1 && `it was captured ${facts.captures} times`,
    facts.moves !== 1 && `stock moved ${facts.moves} times`,
    stock.allocated !== 1 && `${stock.allocated} pieces are allocated`,
    !alike(placed) && "the same checkout was answered differently",
    !alike(paid) && "the same payment was answered differently",
    !alike(captured) && "the same capture was answered differently",
    others.length > 1 && `${others.length} of the other payments were accepted`,
    captured[0].status !== 200 && `the capture was answered ${captured[0].status}: ${captured[0].text}`,
    count.serverErrors > 0 && `${count.serverErrors} answers were 5xx`,
  ].filter(Boolean);
  const { orders, payments, captures, moves } = facts;
  return { byCard, orders, payments, captures, moves, ...count, broken };
}

/** Asks again while the first request with the key is still running, as the answer 409 says. */
async function untilAnswered(connection, path, headers, body, count) {
  for (;;) {
    const answer = await connection.send("POST", path, headers, body);
    if (answer.status >= 500) count.serverErrors += 1;
    if (answer.status !== 409 || !/still running/.test(answer.text)) return answer;
    count.waits += 1;
    await pause(5);
  }
}
