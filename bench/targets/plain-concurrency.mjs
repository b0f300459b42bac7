import { rounded } from "../figures.mjs";
import { Connection } from "../http.mjs";
import { journey } from "../journey.mjs";
import { table } from "../report.mjs";
import { makeProducts, PLENTY, stockOf } from "../shop.mjs";
import { withEngines } from "../site.mjs";
import { watchIdle } from "../watch-idle.mjs";

/** Users and how many purchases each of them makes, one after the other. */
const crowds = [
  [2, 10],
  [50, 1],
  [50, 20],
];

export const plainConcurrency = {
  name: "r10",
  title: "2 x 10, 50 x 1 and 50 x 20 purchases of one product: all of them succeed",
  isDefault: true,
  run: (options) =>
    withEngines(options, "r10", { processes: options.processes[0] }, async (site) => {
      const rows = [];
      const broken = [];
      for (const [users, each] of crowds) {
        for (const keyed of [false, true]) {
          const row = await crowd(site, users, each, keyed);
          rows.push(row);
          broken.push(...row.broken.map((what) => `${users} x ${each}: ${what}`));
        }
      }
      console.log(
        table(
          rows.map((row) => ({
            users: row.users,
            each: row.each,
            "idempotency keys": row.keyed ? "yes" : "no",
            purchases: row.users * row.each,
            succeeded: row.succeeded,
            seconds: row.seconds,
            "longest idle in transaction ms": row.longestIdleMs,
            looks: row.looks,
          })),
        ),
      );
      return { crowds: rows, broken };
    }),
};

async function crowd({ engines, shop, database }, users, each, keyed) {
  const products = await makeProducts(shop, 2, PLENTY);
  const failures = [];
  let succeeded = 0;
  const watch = watchIdle(database);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: users }, async (_, index) => {
      const connection = new Connection(engines[index % engines.length].url);
      for (let turn = 0; turn < each; turn += 1) {
        await journey(connection, shop, products, undefined, keyed).then(
          () => (succeeded += 1),
          (error) => failures.push(error.message),
        );
      }
      await connection.close();
    }),
  );
  const seconds = rounded((performance.now() - began) / 1000, 2);
  const idle = await watch.stop();
  const wanted = users * each;
  const [{ paid }] = await database.run(
    "select count(*) as paid from orders where $1 = any(product_ids) and payment = 'paid'",
    [products[0]],
  );
  const { allocated } = await stockOf(shop, products[0]);
  const broken = [
    failures.length > 0 && `${failures.length} failed, the first: ${failures[0]}`,
    paid !== wanted && `${paid} orders are paid instead of ${wanted}`,
    allocated !== wanted && `${allocated} pieces are allocated instead of ${wanted}`,
  ].filter(Boolean);
  return { users, each, keyed, succeeded, seconds, ...idle, broken };
}
