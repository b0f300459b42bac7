import type { GiftCardTransaction, StoredGiftCard } from "../../domain/region/gift-card.ts";
import { fail, ok } from "../../domain/result.ts";
import type { GiftCardPort } from "../../operations/ports/gift-cards.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";

type Row = {
  id: string;
  code: string;
  region_id: string;
  value: number;
  balance: number;
  is_disabled: boolean;
  ends_at: string | null;
  order_id: string | null;
  line_id: string | null;
  doc: string;
  created_at: string;
  updated_at: string;
};

/** What the document holds: everything that has no column. */
type Doc = Pick<StoredGiftCard, "taxPercent" | "metadata">;

/** Gift cards as rows, and what orders took off them. */
export function giftCardStorage(database: Database): GiftCardPort {
  return {
    async entered(storeId, codes) {
      if (codes.length === 0) return [];
      const entered = codes.map((code) => code.trim().toUpperCase());
      return (await database.run<Row>(selectEntered, [storeId, entered])).map(fromRow);
    },
    async debit(storeId, { orderId, debits, now }) {
      const values = [
        storeId,
        orderId,
        debits.map(({ cardId }) => cardId),
        debits.map(({ amount }) => amount),
        debits.map(({ transactionId }) => transactionId),
        debits.map(({ isTaxable }) => isTaxable),
        debits.map(({ taxPercent }) => taxPercent),
        now,
      ];
      const [short] = await database.run<{ card_id: string }>(debitCards, values);
      return short ? { kind: "short", cardId: short.card_id } : { kind: "debited" };
    },
    async giveBack(storeId, orderId, now) {
      await database.run(giveBack, [storeId, orderId, now]);
    },
    async transactions(storeId, orderIds) {
      if (orderIds.length === 0) return [];
      const rows = await database.run<TransactionRow>(selectTransactions, [storeId, orderIds]);
      return rows.map(transactionOf);
    },
    async issue(storeId, cards) {
      if (cards.length === 0) return [];
      const columns = cards.map((card) => columnsOf(storeId, card, card.isDisabled));
      // One list for each column; the first, the store, is the same in all.
      const lists = (columns[0] ?? []).slice(1).map((_, place) => columns.map((row) => row[place + 1]));
      const values = [storeId, ...lists, cards.map(({ createdAt }) => createdAt)];
      return (await database.run<{ id: string }>(issueCards, values)).map(({ id }) => id);
    },
    async load(storeId, cardId) {
      const [row] = await database.run<Row>(selectCard, [storeId, cardId]);
      return row && fromRow(row);
    },
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "gift_card",
        where: "store_id = $1",
        values: [storeId],
        columns: giftCardColumns,
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async insert(storeId, card) {
      const values = [...columnsOf(storeId, card, card.isDisabled), card.createdAt];
      return (await database.run(insertCard, values)).length === 1 ? "saved" : "code_taken";
    },
    change: (storeId, cardId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectForUpdate, [storeId, cardId]);
        if (!row) return undefined;
        const before = fromRow(row);
        const changed = change(before);
        if (!changed.ok) return fail(changed.error);
        const card = changed.value;
        // A card with nothing on it counts as disabled, and does so no more once something is put back.
        const isDisabled = card.isDisabled === before.isDisabled ? row.is_disabled : card.isDisabled;
        await transaction.run(updateCard, columnsOf(storeId, card, isDisabled));
        return ok({ ...card, isDisabled: isDisabled || card.balance === 0 });
      }),
    async delete(storeId, cardId) {
      return (await database.run(deleteCard, [storeId, cardId])).length === 1;
    },
  };
}

/** What gift cards may be listed by. */
export const giftCardColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  code: { column: "code", type: "text" },
  region_id: { column: "region_id", type: "text" },
  order_id: { column: "order_id", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

function columnsOf(storeId: string, card: StoredGiftCard, isDisabled: boolean): unknown[] {
  const { taxPercent, metadata } = card;
  const doc: Doc = { taxPercent, ...(metadata && { metadata }) };
  return [
    storeId,
    card.id,
    card.code,
    card.regionId,
    card.value,
    card.balance,
    isDisabled,
    card.endsAtMs === null ? null : new Date(card.endsAtMs).toISOString(),
    card.orderId ?? null,
    card.lineId ?? null,
    JSON.stringify(doc),
    card.updatedAt,
  ];
}

function fromRow(row: Row): StoredGiftCard {
  return {
    ...(JSON.parse(row.doc) as Doc),
    id: row.id,
    code: row.code,
    regionId: row.region_id,
    value: row.value,
    balance: row.balance,
    isDisabled: row.is_disabled || row.balance === 0,
    endsAtMs: row.ends_at === null ? null : Date.parse(row.ends_at),
    ...(row.order_id !== null && { orderId: row.order_id }),
    ...(row.line_id !== null && { lineId: row.line_id }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

type TransactionRow = {
  id: string;
  gift_card_id: string;
  order_id: string;
  amount: number;
  is_taxable: boolean;
  tax_percent: number | null;
  created_at: string;
};

function transactionOf(row: TransactionRow): GiftCardTransaction {
  return {
    id: row.id,
    cardId: row.gift_card_id,
    orderId: row.order_id,
    amount: row.amount,
    isTaxable: row.is_taxable,
    taxPercent: row.tax_percent,
    createdAt: row.created_at,
  };
}

const columns =
  "id, code, region_id, value, balance, is_disabled, ends_at, order_id, line_id, doc, created_at, updated_at";

const selectEntered = statement(
  "gift_card_entered",
  `select c.id, c.code, c.region_id, c.value, c.balance, c.is_disabled, c.ends_at, c.order_id, c.line_id, c.doc,
          c.created_at, c.updated_at
     from unnest($2::text[]) with ordinality as entered(code, place)
     join gift_card c on c.store_id = $1 and c.code = entered.code
    order by entered.place`,
);

const selectCard = statement(
  "gift_card_select",
  `select ${columns} from gift_card where store_id = $1 and id = $2`,
);

const selectForUpdate = statement(
  "gift_card_select_for_update",
  `select ${columns} from gift_card where store_id = $1 and id = $2 for no key update`,
);

// The cards are locked first, in everybody's order; a lock that was waited for shows the newest balance, and new
// balances are made of those read under it. What this order has taken before counts as if it were back already.
const debitCards = statement(
  "gift_card_debit",
  `with wanted as materialized (
     select * from unnest($3::text[], $4::bigint[], $5::text[], $6::boolean[], $7::double precision[])
       as w(card_id, amount, id, is_taxable, tax_percent)),
   before as materialized (
     select gift_card_id as card_id, amount from gift_card_transaction
      where store_id = $1 and order_id = $2 order by gift_card_id for update),
   locked as materialized (
     select c.id, c.balance, c.value, c.is_disabled, c.ends_at from gift_card c
      where c.store_id = $1 and c.id in (select card_id from wanted union select card_id from before)
      order by c.id for update of c),
   put_back as materialized (
     select l.*, least(l.value, l.balance + coalesce(b.amount, 0)) as left_on
       from locked l left join before b on b.card_id = l.id),
   short as materialized (
     select w.card_id from wanted w left join put_back p on p.id = w.card_id
      where p.id is null or p.is_disabled or p.ends_at < $8::timestamptz or p.left_on < w.amount),
   gone as (
     delete from gift_card_transaction t using before b
      where t.store_id = $1 and t.order_id = $2 and t.gift_card_id = b.card_id
        and not exists (select from short) and not exists (select from wanted w where w.card_id = b.card_id)),
   noted as (
     insert into gift_card_transaction
       (store_id, order_id, gift_card_id, id, amount, is_taxable, tax_percent, created_at)
     select $1, $2, w.card_id, w.id, w.amount, w.is_taxable, w.tax_percent, $8::timestamptz
       from wanted w where not exists (select from short)
     on conflict (store_id, order_id, gift_card_id) do update
       set id = excluded.id, amount = excluded.amount, is_taxable = excluded.is_taxable,
           tax_percent = excluded.tax_percent, created_at = excluded.created_at),
   taken as (
     update gift_card c set balance = p.left_on - coalesce(w.amount, 0), updated_at = $8::timestamptz
       from put_back p left join wanted w on w.card_id = p.id
      where c.store_id = $1 and c.id = p.id and not exists (select from short))
   select card_id from short order by card_id limit 1`,
);

const giveBack = statement(
  "gift_card_give_back",
  `with before as materialized (
     select gift_card_id as card_id, amount from gift_card_transaction
      where store_id = $1 and order_id = $2 order by gift_card_id for update),
   locked as materialized (
     select c.id, c.balance, c.value from gift_card c join before b on b.card_id = c.id
      where c.store_id = $1 order by c.id for update of c),
   gone as (
     delete from gift_card_transaction t using before b
      where t.store_id = $1 and t.order_id = $2 and t.gift_card_id = b.card_id
     returning t.gift_card_id, t.amount)
   update gift_card c set balance = least(l.value, l.balance + g.amount), updated_at = $3::timestamptz
     from locked l join gone g on g.gift_card_id = l.id
    where c.store_id = $1 and c.id = l.id`,
);

const selectTransactions = statement(
  "gift_card_transactions",
  `select id, gift_card_id, order_id, amount, is_taxable, tax_percent, created_at from gift_card_transaction
    where store_id = $1 and order_id = any($2::text[]) order by created_at, id`,
);

// The cards of a line are numbered, and each number is there once: whoever issues them again issues none.
const issueCards = statement(
  "gift_card_issue",
  `insert into gift_card (store_id, id, code, region_id, value, balance, is_disabled, ends_at, order_id, line_id, unit, doc,
     updated_at, created_at)
   select $1, n.id, n.code, n.region_id, n.value, n.balance, n.is_disabled, n.ends_at, n.order_id, n.line_id,
          row_number() over (partition by n.line_id order by n.place), n.doc, n.updated_at, n.created_at
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[], $8::timestamptz[],
            $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[]) with ordinality
       as n(id, code, region_id, value, balance, is_disabled, ends_at, order_id, line_id, doc, updated_at, created_at,
            place)
   on conflict do nothing
   returning id`,
);

const insertCard = statement(
  "gift_card_insert",
  `insert into gift_card (store_id, id, code, region_id, value, balance, is_disabled, ends_at, order_id, line_id, doc,
     updated_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
   on conflict do nothing returning 1 as saved`,
);

const updateCard = statement(
  "gift_card_update",
  `update gift_card set code = $3, region_id = $4, value = $5, balance = $6, is_disabled = $7, ends_at = $8,
     order_id = $9, line_id = $10, doc = $11, updated_at = $12
   where store_id = $1 and id = $2`,
);

const deleteCard = statement(
  "gift_card_delete",
  "delete from gift_card where store_id = $1 and id = $2 returning 1 as gone",
);
