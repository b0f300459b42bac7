-- What an order with money, but without goods, waits for: `backordered` or `held`. And until when its first authorization
-- that was not captured holds. Both derived at every save, only to be found by.
alter table orders
  add column waits_for text,
  add column authorized_until timestamptz;
create index orders_by_waiting on orders (store_id, waits_for, created_at, id) where waits_for is not null;
create index orders_by_authorization on orders (store_id, authorized_until, id) where authorized_until is not null;
