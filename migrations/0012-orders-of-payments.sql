-- Which order a payment belongs to: payments are in the orders' documents, and some people only know a payment's id.
create table order_payment (
  store_id text collate "C" not null,
  payment_id text collate "C" not null,
  order_id text collate "C" not null,
  primary key (store_id, payment_id)
);

insert into order_payment (store_id, payment_id, order_id)
  select o.store_id, p ->> 'id', o.id
    from orders o, json_array_elements(o.state::json -> 'payments') p
  on conflict do nothing;

-- Statistics to begin with, see the first migration; where there are payments, they stay.
insert into order_payment (store_id, payment_id, order_id)
  select '-', n, n from (select generate_series(1, 300)::text) as sample(n);
analyze order_payment;
delete from order_payment where store_id = '-';
