-- Events are read in order by those who tell them to others. Numbers are drawn in another order than transactions end
-- in, so readers need to know which numbers can no longer turn up. A transaction has its id before it draws a number,
-- always: once all transactions that had an id at some moment are over, whatever was drawn until then is there or never
-- will be. The generated column promises no such order; this default does, for no other cost.
do $$
begin
  execute format('create sequence event_number start with %s', nextval(pg_get_serial_sequence('event', 'seq')));
end $$;
alter table event alter column seq drop identity;
alter table event alter column seq set default
  (case when pg_current_xact_id() is not null then nextval('event_number') end);
alter sequence event_number owned by event.seq;

-- What of an event must not be kept: tokens. Encrypted, and cleared once it is good for nothing.
alter table event
  add column secret text,
  add column secret_until timestamptz;

create index event_by_seq on event (store_id, seq);
create index event_by_secret on event (store_id, secret_until) where secret_until is not null;

-- Who reads events, and how far.
create table event_consumer (
  store_id text collate "C" not null,
  consumer text collate "C" not null,
  -- Handled up to this number.
  seq bigint not null,
  -- Up to this one nothing can turn up any more.
  safe_seq bigint not null,
  -- Nor up to this one, once all transactions before that one are over.
  aim_seq bigint not null,
  aim_tx xid8 not null,
  -- Who is at work, and until when others wait for that.
  token text,
  lease_until timestamptz,
  primary key (store_id, consumer)
);

-- Whom events are told to.
create table webhook_endpoint (
  store_id text collate "C" not null,
  id text collate "C" not null,
  doc text not null,
  -- What its calls are signed with, encrypted.
  secret text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id)
);

-- An event on its way to one endpoint, and what came of it.
create table webhook_delivery (
  store_id text collate "C" not null,
  id text collate "C" not null,
  endpoint_id text collate "C" not null,
  event_seq bigint not null,
  event_id text collate "C" not null,
  -- As it is told.
  type text not null,
  subject_id text collate "C" not null,
  -- Which event of its subject.
  sequence bigint not null,
  status text not null check (status in ('pending', 'delivered', 'failed')),
  -- Since when it is tried: retries end some days later.
  since timestamptz not null,
  tries integer not null default 0,
  next_at timestamptz not null,
  tried_at timestamptz,
  token text,
  lease_until timestamptz,
  -- JSON: the last attempts, newest first.
  attempts text not null default '[]',
  -- When the event happened.
  created_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, endpoint_id, event_seq)
);
create index webhook_delivery_due on webhook_delivery (store_id, endpoint_id, next_at, event_seq)
  where status = 'pending';
create index webhook_delivery_line on webhook_delivery (store_id, endpoint_id, subject_id, event_seq)
  where status = 'pending';
create index webhook_delivery_failed on webhook_delivery (store_id, endpoint_id) where status = 'failed';
create index webhook_delivery_by_time on webhook_delivery (store_id, created_at);

-- New indexes take the table's first statistics away, see the first migration.
insert into event (store_id, id, type, subject_id, payload, created_at)
  select '-', n, '-', n, '{}', to_timestamp(n::int) from (select generate_series(1, 300)::text) as sample(n);
insert into webhook_delivery (store_id, id, endpoint_id, event_seq, event_id, type, subject_id, sequence, status, since,
    next_at, created_at)
  select '-', n, (n::int % 3)::text, n::int, n, '-', n, 1, (array['pending', 'delivered', 'failed'])[n::int % 3 + 1],
      to_timestamp(n::int), to_timestamp(n::int), to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
analyze event, webhook_delivery;
delete from event where store_id = '-';
delete from webhook_delivery;

-- Tokens from before lie in clear.
update event set payload = (payload::jsonb - 'token')::text
 where type in ('customer.password_reset', 'user.password_reset', 'order-update-token.created');
