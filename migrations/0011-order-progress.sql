-- How far an order is, in finer words than `status`, `payment` and `shipping` have, and where it was sold. Derived at
-- every save, only to filter by.
alter table orders
  add column progress text[] collate "C" not null default '{}',
  add column region_id text collate "C",
  add column sales_channel_id text collate "C";

-- Orders from before were captured and sent as a whole.
update orders set progress = array[
    case status when 'cancelled' then 'canceled' else 'pending' end,
    'fulfilment:' || case when status = 'cancelled' then 'canceled' when shipping = 'fulfilled' then 'shipped'
      else 'not_fulfilled' end,
    'payment:' || case when payment in ('paid', 'refunded') then replace(payment, 'paid', 'captured')
      when status = 'cancelled' then 'canceled' when payment = 'unpaid' then 'not_paid' else 'awaiting' end];
