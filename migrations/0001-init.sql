-- Everything of a store begins with its store_id, the shard key of a distributed PostgreSQL.
-- A document is JSON kept as text: measured at twice the speed of jsonb. What is filtered or sorted by is a column.
-- Ids and codes compare bytewise (collation "C"), so that their order is the same on every machine.

create table store (
  store_id text collate "C" primary key,
  name text not null,
  settings text not null,
  created_at timestamptz not null
);

create table api_key (
  store_id text collate "C" not null,
  client_id text collate "C" not null,
  name text not null,
  secret_hash text,
  created_at timestamptz not null,
  primary key (store_id, client_id)
);
create index api_key_by_client on api_key (client_id);

create table currency (
  store_id text collate "C" not null,
  id text collate "C" not null,
  code text collate "C" not null,
  is_default boolean not null,
  enabled boolean not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, code),
  constraint currency_default_enabled check (enabled or not is_default)
);
create unique index currency_one_default on currency (store_id) where is_default;

create table gateway_setting (
  store_id text collate "C" not null,
  slug text collate "C" not null,
  enabled boolean not null,
  settings text not null,
  updated_at timestamptz not null,
  primary key (store_id, slug)
);

-- A row is what Elastic Path calls a product: it stands alone and is sold (no parent), or it is a base product that
-- groups variants (is_base), or such a variant (parent_id). Sku, prices and stock belong to what is sold.
create table product (
  store_id text collate "C" not null,
  id text collate "C" not null,
  parent_id text collate "C",
  is_base boolean not null default false,
  sku text collate "C" not null,
  slug text collate "C" not null,
  name text not null,
  description text not null,
  status text not null check (status in ('live', 'draft')),
  commodity_type text not null,
  category text collate "C",
  collections text[] collate "C" not null,
  manage_stock boolean not null,
  version bigint not null default 1,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, sku),
  unique (store_id, slug)
);
create index product_by_parent on product (store_id, parent_id) where parent_id is not null;
create index product_by_time on product (store_id, created_at);

create table image (
  store_id text collate "C" not null,
  id text collate "C" not null,
  doc text not null,
  created_at timestamptz not null,
  primary key (store_id, id)
);

-- The three numbers: available = total - allocated. Narrow and half empty, so that an update stays in its page.
create table stock (
  store_id text collate "C" not null,
  product_id text collate "C" not null,
  location text collate "C" not null default '',
  total bigint not null,
  allocated bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, product_id, location),
  constraint stock_counts_hold check (0 <= allocated and allocated <= total)
) with (fillfactor = 50);

-- One row for every change of a stock row, in the same transaction. Replaying the rows gives the numbers.
create table stock_movement (
  store_id text collate "C" not null,
  id text collate "C" not null,
  seq bigint generated always as identity,
  product_id text collate "C" not null,
  location text collate "C" not null default '',
  action text not null,
  quantity bigint not null,
  total_before bigint not null,
  allocated_before bigint not null,
  total_after bigint not null,
  allocated_after bigint not null,
  order_id text collate "C",
  actor text not null,
  created_at timestamptz not null,
  primary key (store_id, id)
);
create index stock_movement_by_product on stock_movement (store_id, product_id, location, seq);

-- Half empty, so that the saves of a cart stay in its page and its indexes need no change.
create table cart (
  store_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  name text not null,
  customer_id text collate "C",
  account_id text collate "C",
  product_ids text[] collate "C" not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  -- The day of expires_at in UTC. It is what the index holds, because it changes once a day and not with every save.
  expires_on date not null,
  primary key (store_id, id)
) with (fillfactor = 50);
create index cart_by_customer on cart (store_id, customer_id) where customer_id is not null;
create index cart_by_account on cart (store_id, account_id) where account_id is not null;
create index cart_by_expiry on cart (store_id, expires_on);

-- doc is what was frozen at checkout; state (payments and dates) and the columns change while the order lives.
-- status, payment, shipping and the amounts are derived from the facts at every save, to filter and sort by.
create table orders (
  store_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  status text not null,
  payment text not null,
  shipping text not null,
  currency text not null,
  with_tax bigint not null,
  without_tax bigint not null,
  customer_id text collate "C",
  account_id text collate "C",
  account_member_id text collate "C",
  name text not null,
  email text not null,
  order_number text,
  external_ref text,
  billing_postcode text not null,
  shipping_postcode text not null,
  product_ids text[] collate "C" not null,
  product_skus text[] collate "C" not null,
  doc text not null,
  state text not null,
  stock_state text not null check (stock_state in ('none', 'allocated', 'removed')),
  stock_held text not null,
  pending_since timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
) with (fillfactor = 70);
create index orders_by_time on orders (store_id, created_at);
create index orders_by_customer on orders (store_id, customer_id, created_at) where customer_id is not null;
create index orders_by_account on orders (store_id, account_id, created_at) where account_id is not null;
-- Whether a guest has bought before. Customers and accounts have indexes of their own.
create index orders_by_guest on orders (store_id, lower(email)) where customer_id is null and account_id is null;
create index orders_by_pending on orders (store_id, pending_since) where pending_since is not null;

-- What happened, kept for good: the order's timeline, and what is told to others.
create table event (
  store_id text collate "C" not null,
  id text collate "C" not null,
  seq bigint generated always as identity,
  type text not null,
  subject_id text collate "C" not null,
  payload text not null,
  created_at timestamptz not null,
  -- One index and not one more by id: three rows are written in every purchase.
  primary key (store_id, subject_id, seq)
);

create table idempotency_key (
  store_id text collate "C" not null,
  scope text collate "C" not null,
  key text collate "C" not null,
  request_hash text not null,
  attempt_id text collate "C" not null,
  status integer,
  response text,
  locked_until timestamptz,
  created_at timestamptz not null,
  primary key (store_id, scope, key)
);
create index idempotency_key_by_time on idempotency_key (store_id, created_at);

create table customer (
  store_id text collate "C" not null,
  id text collate "C" not null,
  email text not null,
  email_key text collate "C" not null,
  name text not null,
  external_ref text,
  password_hash text,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, email_key)
);
create index customer_by_time on customer (store_id, created_at);

create table account (
  store_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  legal_name text,
  registration_id text collate "C",
  external_ref text,
  parent_id text collate "C",
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
);
create unique index account_registration on account (store_id, registration_id) where registration_id is not null;
create index account_by_parent on account (store_id, parent_id) where parent_id is not null;
create index account_by_time on account (store_id, created_at);

create table account_member (
  store_id text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  email text not null,
  username_key text collate "C",
  password_hash text,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
);
create unique index account_member_username on account_member (store_id, username_key) where username_key is not null;
create index account_member_by_time on account_member (store_id, created_at);

create table account_membership (
  store_id text collate "C" not null,
  id text collate "C" not null,
  account_id text collate "C" not null,
  account_member_id text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, account_id, account_member_id)
);
create index account_membership_by_member on account_membership (store_id, account_member_id);

-- Addresses of customers and of accounts.
create table address (
  store_id text collate "C" not null,
  owner_id text collate "C" not null,
  id text collate "C" not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, owner_id, id)
);

-- Custom fields that a store adds to carts, orders, customers and products.
create table flow (
  store_id text collate "C" not null,
  id text collate "C" not null,
  slug text collate "C" not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, slug)
);

create table flow_field (
  store_id text collate "C" not null,
  id text collate "C" not null,
  flow_id text collate "C" not null,
  slug text collate "C" not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, flow_id, slug)
);

-- Statistics to begin with. Without any, every index that begins with store_id looks equally good to find a row by its
-- id, and the plan that is made then is kept while the table grows: for a minute, until autovacuum comes by, a shop on
-- its first day would read all its orders to find one. So the planner is shown rows of one store, and what it learns
-- from them stays until there are others.
insert into product (store_id, id, sku, slug, name, description, status, commodity_type, collections, manage_stock, doc,
    created_at, updated_at)
  select '-', n, n, n, n, n, 'live', 'physical', '{}', true, '{}', to_timestamp(n::int), to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
insert into cart (store_id, id, version, name, product_ids, doc, created_at, updated_at, expires_at, expires_on)
  select '-', n, 1, n, '{}', '{}', to_timestamp(n::int), to_timestamp(n::int), to_timestamp(n::int), 'epoch'
    from (select generate_series(1, 300)::text) as sample(n);
insert into orders (store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, name, email,
    billing_postcode, shipping_postcode, product_ids, product_skus, doc, state, stock_state, stock_held, created_at,
    updated_at)
  select '-', n, 1, '-', '-', '-', '-', 0, 0, n, n, n, n, '{}', '{}', '{}', '{}', 'none', '[]', to_timestamp(n::int),
      to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
insert into event (store_id, id, type, subject_id, payload, created_at)
  select '-', n, '-', n, '{}', to_timestamp(n::int) from (select generate_series(1, 300)::text) as sample(n);
insert into stock_movement (store_id, id, product_id, action, quantity, total_before, allocated_before, total_after,
    allocated_after, actor, created_at)
  select '-', n, n, '-', 0, 0, 0, 0, 0, '-', to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
insert into idempotency_key (store_id, scope, key, request_hash, attempt_id, created_at)
  select '-', n, n, n, n, to_timestamp(n::int) from (select generate_series(1, 300)::text) as sample(n);
insert into customer (store_id, id, email, email_key, name, doc, created_at, updated_at)
  select '-', n, n, n, n, '{}', to_timestamp(n::int), to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
analyze product, cart, orders, event, stock_movement, idempotency_key, customer;
delete from product;
delete from cart;
delete from orders;
delete from event;
delete from stock_movement;
delete from idempotency_key;
delete from customer;
