-- What gateways tell by themselves, kept before anything is done about it. Only hints: which payment to look at again.
create table gateway_event (
  store_id text collate "C" not null,
  gateway text collate "C" not null,
  -- By the gateway: however often it is told, it is here once.
  id text collate "C" not null,
  type text not null,
  -- What the gateway calls the payment.
  reference text collate "C" not null,
  -- Of ours, where the gateway says so: the order, and the operation whose call caused the event.
  order_id text collate "C",
  operation_id text collate "C",
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- Null until it was looked at with success.
  processed_at timestamptz,
  -- What came of it: changed, known, foreign.
  outcome text,
  primary key (store_id, gateway, id)
);
create index gateway_event_by_open on gateway_event (store_id, received_at) where processed_at is null;
create index gateway_event_by_time on gateway_event (store_id, received_at);

-- Until when each gateway was asked what happened, in case its calls did not reach us.
create table gateway_question (
  store_id text collate "C" not null,
  gateway text collate "C" not null,
  asked_until timestamptz not null,
  primary key (store_id, gateway)
);
