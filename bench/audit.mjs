import { stockDelta } from "../dist/domain/inventory/stock.js";
import { examineStore } from "../dist/operations/examine-store.js";

/** Findings of a kind that are told in full; of the others only the number. */
const TOLD = 5;

/**
 * Compares what the simulator of Stripe has in its own books with what our orders say, and what stock says with what
 * its movements come to.
 * @param ledgerReport `report()` of the simulator
 */
export function createAudit({ database, simulator }) {
  /** Payments by cards that moved money, by the operation that started them. */
  const payments = new Map();
  const orders = new Map();
  let lookedAt = "-infinity";

  return {
    orders,
    /**
     * Looks at every order that has changed since the last audit, and at all money and stock there is.
     * @param acknowledged what buyers were told is done: `{ orderId, type }`
     * @returns sentences about whatever is wrong; nobody may be at work meanwhile
     */
    async run({ acknowledged = [] } = {}) {
      const [{ now }] = await database.run("select clock_timestamp()::text as now");
      await readOrders(database, lookedAt, orders, payments);
      // An order that was settled with a clock ahead of ours changes once more at most within that time.
      [{ at: lookedAt }] = await database.run(
        "select ($1::timestamptz - interval '10 minutes')::text as at",
        [now],
      );
      const told = simulator.report();
      return [
        ...told.doubles,
        ...few("charges and operations that differ", differences(told.references, payments)),
        ...few("orders that say something else than the gateway", wrongOrders(told.references, orders)),
        ...few("operations without an answer", unanswered(orders)),
        ...few("answers that did not last", forgotten(acknowledged, orders)),
        ...few("stock", await stockProblems(database)),
        ...few("events that happened twice", await repeatedEvents(database)),
      ];
    },
  };
}

/** What a run has in the end, for its table. */
export async function countsOf({ database, simulator }) {
  const sum = { charges: 0, captured: 0, refunded: 0 };
  for (const { charges, captured, refunded } of simulator.report().references) {
    sum.charges += charges;
    sum.captured += captured;
    sum.refunded += refunded;
  }
  const [{ orders, operations, moves }] = await database.run(
    `select (select count(*) from orders) as orders, (select count(*) from stock_movement) as moves,
       (select coalesce(sum(json_array_length(paid -> 'operations')), 0)
          from orders cross join json_array_elements(state::json -> 'payments') paid
         where paid ->> 'gateway' <> 'manual')::bigint as operations`,
  );
  return { orders, operations, moves, ...sum };
}

/** Orders with an operation that nobody has an answer to, those aside that wait for their shopper. */
export function unanswered(orders) {
  const found = [];
  for (const [id, { operations }] of orders) {
    for (const { status, action, type } of operations) {
      if (status === "pending" && action === undefined) found.push(`order ${id}: a ${type} is not settled`);
    }
  }
  return found;
}

async function readOrders(database, since, orders, payments) {
  const rows = await database.run(
    "select id, payment, stock_state, with_tax, state from orders where updated_at >= $1::timestamptz",
    [since],
  );
  for (const { id, payment, stock_state, with_tax, state } of rows) {
    const own = JSON.parse(state).payments;
    const byCard = own.filter(({ gateway }) => gateway !== "manual");
    orders.set(id, {
      payment,
      stockState: stock_state,
      total: with_tax,
      operations: own.flatMap(({ operations }) => operations),
      manual: own.length > byCard.length,
    });
    for (const one of byCard) payments.set(one.operations[0].id, { orderId: id, ...sumsOf(one.operations) });
  }
}

/** Added up here once more, and not by the engine's own functions: this is what judges them. */
function sumsOf(operations) {
  const sum = (...types) =>
    operations
      .filter(({ type, status }) => status === "complete" && types.includes(type))
      .reduce((total, { amount }) => total + amount, 0);
  const captured = sum("purchase", "capture");
  const over = operations.some(
    ({ type, status }) => status === "complete" && (type === "capture" || type === "void"),
  );
  return { authorized: over ? 0 : sum("authorize"), captured, refunded: sum("refund") };
}

function differences(references, payments) {
  const found = [];
  const seen = new Set();
  for (const { reference, orderId, ...theirs } of references) {
    seen.add(reference);
    const ours = payments.get(reference);
    if (!ours) found.push(`${reference} was charged, and no order has such an operation`);
    else if (ours.orderId !== orderId) found.push(`${reference} was charged for order ${orderId}`);
    else {
      for (const what of ["authorized", "captured", "refunded"]) {
        if (ours[what] !== theirs[what]) {
          found.push(`${reference} of order ${orderId}: ${what} ${ours[what]} here, ${theirs[what]} there`);
        }
      }
    }
  }
  for (const [reference, { orderId, authorized, captured, refunded }] of payments) {
    if (authorized + captured + refunded > 0 && !seen.has(reference)) {
      found.push(`order ${orderId} counts ${reference} as paid, and it was never charged`);
    }
  }
  return found;
}

/** Every order of a bench is paid for in one piece, so the gateway's sums say what each order must say. */
function wrongOrders(references, orders) {
  const byOrder = new Map();
  for (const { orderId, authorized, captured, refunded } of references) {
    const sum = byOrder.get(orderId) ?? { authorized: 0, captured: 0, refunded: 0 };
    sum.authorized += authorized;
    sum.captured += captured;
    sum.refunded += refunded;
    byOrder.set(orderId, sum);
  }
  const found = [];
  for (const [id, order] of orders) {
    if (order.manual) continue;
    const money = byOrder.get(id) ?? { authorized: 0, captured: 0, refunded: 0 };
    const kept = money.authorized + money.captured;
    const wanted =
      kept === 0
        ? "unpaid"
        : money.authorized > 0
          ? "authorized"
          : money.refunded === money.captured
            ? "refunded"
            : "paid";
    // Money that came twice and was given back once is no mistake.
    const settled = money.captured - money.refunded + money.authorized <= order.total;
    if (!settled) found.push(`order ${id} of ${order.total} was paid for with ${kept}`);
    if (order.payment !== wanted) found.push(`order ${id} says ${order.payment} and is ${wanted}`);
    const waits = order.operations.some(({ status }) => status === "pending");
    const held = kept > 0 || waits ? "allocated" : "none";
    if (order.stockState !== held) found.push(`stock of order ${id} (${wanted}) is ${order.stockState}`);
  }
  return found;
}

/** What was answered as done, and is not. */
function forgotten(acknowledged, orders) {
  const wanted = new Map();
  for (const { orderId, type } of acknowledged) {
    const types = wanted.get(orderId) ?? new Map();
    types.set(type, (types.get(type) ?? 0) + 1);
    wanted.set(orderId, types);
  }
  const found = [];
  for (const [id, types] of wanted) {
    const order = orders.get(id);
    if (!order) {
      found.push(`order ${id} is gone`);
      continue;
    }
    for (const [type, count] of types) {
      if (type === "checkout") continue;
      const done = order.operations.filter((one) => one.type === type && one.status === "complete").length;
      if (done < count) found.push(`order ${id}: ${count} times ${type} was answered, ${done} are there`);
    }
  }
  return found;
}

/** Replays every movement from nothing, and asks the engine whether orders hold what is allocated. */
async function stockProblems(database) {
  const counters = new Map();
  const found = [];
  const moves = await database.run(
    `select product_id, location, action, quantity, total_before, allocated_before, total_after, allocated_after
       from stock_movement order by seq`,
  );
  for (const move of moves) {
    const key = `${move.product_id} ${move.location}`;
    const before = counters.get(key) ?? { total: 0, allocated: 0 };
    const delta = stockDelta(move.action, move.quantity);
    const after = { total: before.total + delta.total, allocated: before.allocated + delta.allocated };
    if (
      before.total !== move.total_before ||
      before.allocated !== move.allocated_before ||
      after.total !== move.total_after ||
      after.allocated !== move.allocated_after
    ) {
      found.push(`a movement of ${key} does not follow from the one before: ${JSON.stringify(move)}`);
    }
    counters.set(key, after);
  }
  for (const row of await database.run("select product_id, location, total, allocated from stock")) {
    const { total, allocated } = counters.get(`${row.product_id} ${row.location}`) ?? {};
    if (row.total !== total || row.allocated !== allocated) {
      found.push(
        `${row.product_id} counts ${row.total} and ${row.allocated}, its movements ${total} and ${allocated}`,
      );
    }
  }
  for (const { productId, problem } of await examineStore(database.deps, database.storeId)) {
    found.push(`${productId}: ${problem}`);
  }
  return found;
}

/** What can happen only once: an order for a cart, a step of an operation. */
async function repeatedEvents(database) {
  const rows = await database.run(
    `select type, what, count(*) as times from (
       select type, case when type = 'order.placed' then payload::json ->> 'cartId'
                         else payload::json ->> 'operationId' end as what from event) told
      where what is not null group by type, what having count(*) > 1`,
  );
  return rows.map(({ type, what, times }) => `${type} of ${what} happened ${times} times`);
}

function few(what, problems) {
  if (problems.length <= TOLD) return problems;
  return [...problems.slice(0, TOLD), `${problems.length - TOLD} more of: ${what}`];
}
