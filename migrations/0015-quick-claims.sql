-- What a statement calls that has taken stock without asking first, when the pieces were not there: it ends, nothing of it
-- has happened, and the exact statement finds out why.
create function stock_is_short() returns boolean language plpgsql as $$
begin
  raise exception 'too few pieces, or not where they were expected' using errcode = 'CW001';
end $$;
