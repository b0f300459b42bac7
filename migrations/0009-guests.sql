-- Whoever bought without an account. Their email_key begins with "guest:", so that a customer who registers may have the
-- same e-mail address.
alter table customer add column guest boolean not null default false;
