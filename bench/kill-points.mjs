const gatewayCalls = {
  pay: /^POST \/v1\/payment_intents$/,
  capture: /^POST \/v1\/payment_intents\/[^/]+\/capture$/,
  refund: /^POST \/v1\/refunds$/,
  release: /^POST \/v1\/payment_intents\/[^/]+\/cancel$/,
  look: /^GET \/v1\/payment_intents\/[^/]+$/,
};
/** Claims and settlements, keys, the transaction of a checkout, and what a webhook leaves. */
const statements = [
  "cart_insert",
  "key_insert",
  "key_try_lock",
  "order_insert",
  "commit",
  "order_update_quickly",
  "order_update_with_stock",
  "order_update",
  "key_finish",
  "gateway_event_insert",
  "gateway_event_close",
];

/**
 * Where an engine is killed: when it has sent something that nobody gets, when it was carried out and the engine does
 * not hear of it, and right after it has heard. All of it is seen from outside.
 */
export const killPoints = [
  ...Object.entries(gatewayCalls).flatMap(([name, pattern]) =>
    ["asked", "done", "told"].map((moment) => ({
      name: `gateway: ${name} ${moment}`,
      hits: (source, when, what) => source === "gateway" && when === moment && pattern.test(what),
    })),
  ),
  ...["asked", "done", "told"].map((moment) => ({
    name: `webhook ${moment}`,
    hits: (source, when) => source === "webhook" && when === moment,
  })),
  ...statements.flatMap((statement) =>
    ["asked", "done"].map((moment) => ({
      name: `database: ${statement} ${moment}`,
      hits: (source, when, what) => source === "database" && when === moment && what === statement,
    })),
  ),
];
