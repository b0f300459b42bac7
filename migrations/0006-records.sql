-- What a merchant sets up for storefronts (regions, shipping options, tax rates, sales channels, collections, ...): one
-- document each. `name_key` is what must be unique among those of a kind: a handle, a country, an e-mail address.
create table record (
  store_id text collate "C" not null,
  kind text collate "C" not null,
  id text collate "C" not null,
  name_key text collate "C",
  doc text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, kind, id),
  unique (store_id, kind, name_key)
);
