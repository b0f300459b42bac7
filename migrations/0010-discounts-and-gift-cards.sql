-- Discounts of regions. Their rule is in doc; of a code made from another (parent_id), rule and regions are in the doc of
-- that one. used and held count uses of a discount with a limit only, so that orders do not queue for the others.
create table discount (
  store_id text collate "C" not null,
  id text collate "C" not null,
  code text collate "C" not null,
  parent_id text collate "C",
  is_dynamic boolean not null,
  is_disabled boolean not null,
  rule_type text collate "C" not null,
  allocation text collate "C" not null,
  usage_limit bigint,
  used bigint not null default 0,
  held bigint not null default 0,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, code),
  constraint discount_counts check (used >= 0 and held >= 0)
);
create index discount_by_time on discount (store_id, created_at);
create index discount_by_parent on discount (store_id, parent_id) where parent_id is not null;

-- What orders use of discounts. counted: it is among the discount's used or held.
create table discount_use (
  store_id text collate "C" not null,
  order_id text collate "C" not null,
  discount_id text collate "C" not null,
  state text not null check (state in ('held', 'final')),
  counted boolean not null,
  used_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, order_id, discount_id)
);
create index discount_use_uncounted on discount_use (store_id, discount_id) where not counted;

-- Money that whoever knows the code may spend. unit: which of the cards that one line of an order became.
create table gift_card (
  store_id text collate "C" not null,
  id text collate "C" not null,
  code text collate "C" not null,
  region_id text collate "C" not null,
  value bigint not null,
  balance bigint not null,
  is_disabled boolean not null,
  ends_at timestamptz,
  order_id text collate "C",
  line_id text collate "C",
  unit bigint,
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, code),
  constraint gift_card_balance check (0 <= balance and balance <= value)
);
create index gift_card_by_time on gift_card (store_id, created_at);
create unique index gift_card_by_line on gift_card (store_id, line_id, unit) where line_id is not null;

create table gift_card_transaction (
  store_id text collate "C" not null,
  order_id text collate "C" not null,
  gift_card_id text collate "C" not null,
  id text collate "C" not null,
  amount bigint not null check (amount > 0),
  is_taxable boolean not null,
  tax_percent double precision,
  created_at timestamptz not null,
  primary key (store_id, order_id, gift_card_id)
);
