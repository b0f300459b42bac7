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

-- New indexes take the table's first statistics away, see the first migration.
insert into event (store_id, id, type, subject_id, payload, created_at)
  select '-', n, '-', n, '{}', to_timestamp(n::int) from (select generate_series(1, 300)::text) as sample(n);
analyze event;
delete from event where store_id = '-';

-- Tokens from before lie in clear.
update event set payload = (payload::jsonb - 'token')::text
 where type in ('customer.password_reset', 'user.password_reset', 'order-update-token.created');
