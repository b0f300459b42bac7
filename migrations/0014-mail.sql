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
