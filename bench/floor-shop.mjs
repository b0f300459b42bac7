import pg from "pg";

const PRODUCTS = 50;
const PLENTY = 1_000_000_000;

/** Text of a JSON document of about so many bytes, as little compressible as names and ids are. */
function documentOf(bytes, id) {
  const lines = [];
  let size = 0;
  while (size < bytes) {
    const line = {
      id: crypto.randomUUID(),
      name: `Line ${lines.length} of ${id}`,
      quantity: 1,
      amount: 1999,
    };
    size += JSON.stringify(line).length + 1;
    lines.push(line);
  }
  return JSON.stringify({ id, lines });
}

const tables = `
  create schema floor;
  create table floor.cart (id text primary key, version bigint not null, doc text not null) with (fillfactor = 50);
  create table floor.orders (id text primary key, version bigint not null, status text not null, doc text not null)
    with (fillfactor = 70);
  create table floor.payment (id text primary key, order_id text not null, amount bigint not null);
  create table floor.stock (id text primary key, total bigint not null, allocated bigint not null,
    check (0 <= allocated and allocated <= total)) with (fillfactor = 50);
  create table floor.movement (id text primary key, stock_id text not null, order_id text not null);
  create table floor.event (seq bigint generated always as identity primary key, order_id text not null, payload text);
  insert into floor.stock select 'product-' || n, ${PLENTY}, 0 from generate_series(0, ${PRODUCTS - 1}) n`;

const statements = {
  createCart: "insert into floor.cart values ($1, 1, $2)",
  readCart: "select version, doc from floor.cart where id = $1",
  saveCart: "update floor.cart set version = version + 1, doc = $3 where id = $1 and version = $2",
  checkOut: `with placed as (insert into floor.orders values ($1, 1, 'incomplete', $2)),
      told as (insert into floor.event (order_id, payload) values ($1, 'order.placed'))
    update floor.cart set version = version + 1 where id = $3`,
  pay: `with moved as (
        update floor.stock set allocated = allocated + 1 where id = any($3::text[]) and allocated < total returning id),
      noted as (insert into floor.movement select gen_random_uuid()::text, id, $1 from moved),
      paid as (insert into floor.payment values ($2, $1, 1999)),
      told as (insert into floor.event (order_id, payload) values ($1, 'order.paid'))
    update floor.orders set version = version + 1, status = 'processing' where id = $1`,
};

/**
 * What the database does with nothing in front of it: the same kind of journey (a cart that is read and saved twice, a
 * checkout, a payment that takes two products), written as five statements that commit and two that read, without any of
 * the engine's rules. Documents of 4.3 and 6 kB. Answers how many there were how long it took, and the CPU of the
 * database by `cpuSeconds`, both in seconds.
 */
export async function runFloorJourneys(connection, { clients, seconds, cpuSeconds }) {
  const pool = new pg.Pool({ ...connection, max: clients });
  await pool.query("drop schema if exists floor cascade");
  await pool.query(tables);
  const run = (client, name, values) => client.query({ name, text: statements[name], values });
  const cart = documentOf(4_300, "a cart");
  const order = documentOf(6_000, "an order");
  const journey = async (client, turn) => {
    const [cartId, orderId] = [crypto.randomUUID(), crypto.randomUUID()];
    await run(client, "createCart", [cartId, cart]);
    for (let item = 0; item < 2; item += 1) {
      const { rows } = await run(client, "readCart", [cartId]);
      JSON.parse(rows[0].doc);
      await run(client, "saveCart", [cartId, rows[0].version, cart]);
    }
    await run(client, "checkOut", [orderId, order, cartId]);
    const wanted = [turn, turn + 1].map((product) => `product-${product % PRODUCTS}`);
    await run(client, "pay", [orderId, crypto.randomUUID(), wanted]);
  };
  let journeys = 0;
  const usedBefore = cpuSeconds();
  const began = performance.now();
  const buyer = async (index) => {
    const client = await pool.connect();
    try {
      // Each keeps to products of its own, or they would wait for each other in a circle.
      while (performance.now() - began < seconds * 1000) {
        await journey(client, index * 3);
        journeys += 1;
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => buyer(index)));
  const elapsed = (performance.now() - began) / 1000;
  // Before its processes end, with what they know of themselves.
  const used = cpuSeconds() - usedBefore;
  await pool.query("drop schema floor cascade");
  await pool.end();
  return { journeys, elapsed, used };
}
