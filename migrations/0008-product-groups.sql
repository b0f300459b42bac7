-- What products are listed by in the Medusa dialect, copies of what their documents say. Without channels a product is
-- sold in all of them. Orders hold what there is of a product that may be back-ordered, and limit nothing.
alter table product
  add column collection_id text collate "C",
  add column type_id text collate "C",
  add column tag_ids text[] collate "C" not null default '{}',
  add column category_ids text[] collate "C" not null default '{}',
  add column channel_ids text[] collate "C",
  add column is_gift_card boolean not null default false,
  add column review text check (review in ('proposed', 'rejected')),
  add column allow_backorder boolean not null default false;
