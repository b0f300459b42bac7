-- Mails to be sent, and what became of them. One row for what is told of one thing: an order is confirmed once, whatever
-- events say that it may be. `due_at` is when it is tried next; while it is being sent, when somebody else may try again.
-- `payload` is what the event said, encrypted, as it may hold a token; it goes when the mail is settled, unless it may be tried again.
create table mail (
  store_id text collate "C" not null,
  id text collate "C" not null,
  kind text collate "C" not null,
  about text collate "C" not null,
  event_id text collate "C" not null,
  subject_id text collate "C" not null,
  payload text,
  status text not null check (status in ('waiting', 'sending', 'sent', 'failed', 'dropped')),
  attempts integer not null default 0,
  due_at timestamptz,
  expires_at timestamptz not null,
  recipient text,
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (store_id, id),
  unique (store_id, kind, about)
);
create index mail_by_due on mail (store_id, due_at) where due_at is not null;
create index mail_by_time on mail (store_id, created_at);
create index mail_by_failure on mail (store_id, created_at) where status = 'failed';

-- Statistics to begin with, see the first migration. Half of them are due, so that the index of those that are due does
-- not look empty when one mail is wanted by its id.
insert into mail (store_id, id, kind, about, event_id, subject_id, status, due_at, expires_at, created_at, updated_at)
  select '-', n, n, n, n, n, 'sent', case when n::int % 2 = 0 then to_timestamp(n::int) end, to_timestamp(n::int),
      to_timestamp(n::int), to_timestamp(n::int)
    from (select generate_series(1, 300)::text) as sample(n);
analyze mail;
delete from mail where store_id = '-';
