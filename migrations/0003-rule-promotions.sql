-- Rule promotions. Their codes and uses are kept where those of standard promotions are, and counted by the same
-- statements. One code may bring several rule promotions to an order, so that a use is told by the promotion too.
create table rule_promotion (
  store_id text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  name text not null,
  enabled boolean not null,
  automatic boolean not null,
  priority bigint,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
);
create index rule_promotion_by_time on rule_promotion (store_id, created_at);
create index rule_promotion_automatic on rule_promotion (store_id, ends_at) where enabled and automatic;

-- Of a rule promotion, code is in lower case and label as the merchant wrote it; live stays false, because other
-- promotions may have the same code.
alter table promotion_code
  add column label text,
  add column max_per_shopper bigint check (max_per_shopper > 0),
  add column includes_guests boolean,
  add column for_new_shopper boolean not null default false,
  drop constraint promotion_code_consume_unit_check,
  add constraint promotion_code_consume_unit_check
    check (consume_unit in ('per_cart', 'per_item', 'per_checkout', 'per_application'));

-- How often a shopper used a code that has a limit for each. A shopper has a row for each name that tells who it is.
create table promotion_code_shopper (
  store_id text collate "C" not null,
  code_id text collate "C" not null,
  shopper text collate "C" not null,
  uses bigint not null check (uses >= 0),
  primary key (store_id, code_id, shopper)
) with (fillfactor = 50);

-- shoppers: those of the rows above that the use counts in.
alter table promotion_use
  add column label text,
  add column account_id text collate "C",
  add column shoppers text[] collate "C" not null default '{}',
  drop constraint promotion_use_pkey,
  add primary key (store_id, order_id, promotion_id, code);
