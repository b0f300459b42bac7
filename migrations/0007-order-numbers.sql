-- The number that people call an order by. It comes from a sequence of the store's own: nobody waits for anybody to get
-- one, and one that is lost with a failed transaction stays unused.
create function next_display_id(store text) returns bigint language plpgsql as $$
declare
  name text := 'display_id_' || md5(store);
  numbers regclass := to_regclass(name);
begin
  if numbers is null then
    -- The first order of a store, once.
    perform pg_advisory_xact_lock(hashtextextended(name, 0));
    execute format('create sequence if not exists %I', name);
    numbers := to_regclass(name);
  end if;
  return nextval(numbers);
end $$;

alter table orders add column display_id bigint;
-- The cart of a region that the order was made of: such a cart has one order.
alter table orders add column region_cart_id text collate "C";

update orders o set display_id = n.number
  from (select store_id, id, row_number() over (partition by store_id order by created_at, id) as number from orders) n
 where n.store_id = o.store_id and n.id = o.id;
do $$
declare
  store record;
begin
  for store in select store_id, max(display_id) as last from orders group by store_id loop
    perform next_display_id(store.store_id);
    perform setval(('display_id_' || md5(store.store_id))::regclass, store.last);
  end loop;
end $$;

create unique index orders_by_region_cart on orders (store_id, region_cart_id) where region_cart_id is not null;
create index orders_by_display_id on orders (store_id, display_id) where display_id is not null;

-- New indexes take the table's first statistics away, see the first migration; where there are orders, they stay.
insert into orders (store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, name, email,
    billing_postcode, shipping_postcode, product_ids, product_skus, doc, state, stock_state, stock_held, created_at,
    updated_at, display_id, region_cart_id)
  select '-', n, 1, '-', '-', '-', '-', 0, 0, n, n, n, n, '{}', '{}', '{}', '{}', 'none', '[]', to_timestamp(n::int),
      to_timestamp(n::int), n::bigint, n
    from (select generate_series(1, 300)::text) as sample(n);
analyze orders;
delete from orders where store_id = '-';
