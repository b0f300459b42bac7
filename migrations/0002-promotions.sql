-- Promotions of a store, the codes that they go by, and who used these. The columns of promotion are copies out of doc,
-- to filter by.
create table promotion (
  store_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  name text not null,
  type text not null,
  enabled boolean not null,
  automatic boolean not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
);
create index promotion_by_time on promotion (store_id, created_at);
create index promotion_automatic on promotion (store_id, ends_at) where enabled and automatic;

-- What a promotion was before it was changed.
create table promotion_version (
  store_id text collate "C" not null,
  promotion_id text collate "C" not null,
  version bigint not null,
  id text collate "C" not null,
  doc text not null,
  primary key (store_id, promotion_id, version)
);

-- live: the promotion is enabled and was not over when this was last written. Among live codes each is there once.
-- max_uses is null for as many uses as wanted; then none are counted here, so that orders do not queue for the row.
create table promotion_code (
  store_id text collate "C" not null,
  promotion_id text collate "C" not null,
  code text collate "C" not null,
  id text collate "C" not null,
  only_user text collate "C",
  consume_unit text not null check (consume_unit in ('per_cart', 'per_item')),
  max_uses bigint,
  used bigint not null default 0,
  held bigint not null default 0,
  live boolean not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (store_id, promotion_id, code),
  constraint promotion_code_counts check (used >= 0 and held >= 0),
  constraint promotion_code_limit check (0 <= used + held and used + held <= max_uses)
) with (fillfactor = 50);
create unique index promotion_code_live on promotion_code (store_id, code) where live;
create index promotion_code_by_code on promotion_code (store_id, code);

-- One row for an order that uses a code, held until the order is paid for. A use that is given back is no more.
create table promotion_use (
  store_id text collate "C" not null,
  order_id text collate "C" not null,
  code text collate "C" not null,
  id text collate "C" not null,
  promotion_id text collate "C" not null,
  code_id text collate "C" not null,
  times bigint not null check (times > 0),
  state text not null check (state in ('held', 'final')),
  customer_id text collate "C",
  customer_email text not null,
  anonymized boolean not null default false,
  updated_by text,
  used_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, order_id, code)
);
create index promotion_use_by_promotion on promotion_use (store_id, promotion_id, used_at);
create index promotion_use_held on promotion_use (store_id, used_at) where state = 'held';
create unique index promotion_use_by_id on promotion_use (store_id, id);
