import type { ExtensibleResource } from "../../domain/custom-fields/field.ts";
import type { Field, Flow, FlowPort } from "../../operations/ports/flows.ts";
import { type Database, statement } from "./database.ts";
import type { StoreCache } from "./store-cache.ts";

type FlowRow = {
  id: string;
  slug: ExtensibleResource;
  doc: string;
  created_at: string;
  updated_at: string;
};
type FieldRow = Omit<FlowRow, "slug"> & { flow_id: string; slug: string };

/** What the documents hold: everything that has no column. */
type FlowDoc = Pick<Flow, "name" | "description" | "enabled">;
type FieldDoc = Omit<Field, "id" | "flowId" | "slug" | "createdAt" | "updatedAt">;

/** Flows with their fields. These are part of what `cache` holds of a store; every change of them makes it forget. */
export function flowStorage(database: Database, cache: StoreCache): FlowPort {
  /** Runs a change of the store's fields. */
  const changing = async <Value>(storeId: string, work: (transaction: Database) => Promise<Value>) => {
    const value = await database.transaction(work);
    cache.forget(storeId);
    return value;
  };
  return {
    async list(storeId) {
      return (await database.run<FlowRow>(selectFlows, [storeId])).map(flowOf);
    },
    async load(storeId, flowId) {
      const [row] = await database.run<FlowRow>(selectFlow, [storeId, flowId]);
      return row && flowOf(row);
    },
    async findBySlug(storeId, slug) {
      const [row] = await database.run<FlowRow>(selectFlowBySlug, [storeId, slug]);
      return row && flowOf(row);
    },
    async insert(storeId, flow) {
      const { id, slug, createdAt, updatedAt } = flow;
      const values = [storeId, id, slug, flowDoc(flow), createdAt, updatedAt];
      // Without fields it is nothing that anybody holds.
      const rows = await database.run(insertFlow, values);
      return rows.length === 1 ? "saved" : "slug_taken";
    },
    change: (storeId, flowId, change) =>
      changing(storeId, async (transaction) => {
        const [row] = await transaction.run<FlowRow>(lockFlow, [storeId, flowId]);
        if (!row) return undefined;
        const flow = change(flowOf(row));
        await transaction.run(updateFlow, [storeId, flowId, flowDoc(flow), flow.updatedAt]);
        return flow;
      }),
    delete: (storeId, flowId) =>
      changing(storeId, async (transaction) => {
        const gone = await transaction.run(deleteFlow, [storeId, flowId]);
        // After the flow, so that a field somebody was just adding is seen.
        if (gone.length === 1) await transaction.run(deleteFields, [storeId, flowId]);
        return gone.length === 1;
      }),
    async listFields(storeId, flowId) {
      return (await database.run<FieldRow>(selectFields, [storeId, flowId ?? null])).map(fieldOf);
    },
    async loadField(storeId, fieldId) {
      const [row] = await database.run<FieldRow>(selectField, [storeId, fieldId]);
      return row && fieldOf(row);
    },
    insertField: (storeId, field, limit) =>
      changing(storeId, async (transaction) => {
        // Whoever adds a field holds the flow's row: the limit is never passed, and no field outlives its flow.
        const flows = await transaction.run(lockFlow, [storeId, field.flowId]);
        if (flows.length === 0) return "flow_not_found";
        const [present] = await transaction.run<{ fields: number; taken: boolean }>(countFields, [
          storeId,
          field.flowId,
          field.slug,
        ]);
        if (present?.taken) return "slug_taken";
        if (present && present.fields >= limit) return "limit";
        const { id, flowId, slug, createdAt, updatedAt } = field;
        const values = [storeId, id, flowId, slug, fieldDoc(field), createdAt, updatedAt];
        await transaction.run(insertField, values);
        return "saved";
      }),
    changeField: (storeId, fieldId, change) =>
      changing(storeId, async (transaction) => {
        const [row] = await transaction.run<FieldRow>(lockField, [storeId, fieldId]);
        if (!row) return undefined;
        const changed = change(fieldOf(row));
        if (changed.ok) {
          const { updatedAt } = changed.value;
          await transaction.run(updateField, [storeId, fieldId, fieldDoc(changed.value), updatedAt]);
        }
        return changed;
      }),
    deleteField: (storeId, fieldId) =>
      changing(storeId, async (transaction) => {
        const gone = await transaction.run(deleteField, [storeId, fieldId]);
        return gone.length === 1;
      }),
  };
}

function flowOf(row: FlowRow): Flow {
  return {
    ...(JSON.parse(row.doc) as FlowDoc),
    id: row.id,
    slug: row.slug,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function flowDoc({ name, description, enabled }: FlowDoc): string {
  return JSON.stringify({ name, description, enabled });
}

function fieldOf(row: FieldRow): Field {
  return {
    ...(JSON.parse(row.doc) as FieldDoc),
    id: row.id,
    flowId: row.flow_id,
    slug: row.slug,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function fieldDoc(field: Field): string {
  const { id: _id, flowId: _flowId, slug: _slug, createdAt: _made, updatedAt: _changed, ...doc } = field;
  return JSON.stringify(doc);
}

const flowColumns = "id, slug, doc, created_at, updated_at";
const fieldColumns = `flow_id, ${flowColumns}`;

const selectFlows = statement(
  "flows",
  `select ${flowColumns} from flow where store_id = $1 order by created_at, id`,
);

const selectFlow = statement(
  "flow_select",
  `select ${flowColumns} from flow where store_id = $1 and id = $2`,
);

const selectFlowBySlug = statement(
  "flow_by_slug",
  `select ${flowColumns} from flow where store_id = $1 and slug = $2`,
);

const insertFlow = statement(
  "flow_insert",
  `insert into flow (store_id, id, slug, doc, created_at, updated_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (store_id, slug) do nothing returning 1 as saved`,
);

const lockFlow = statement(
  "flow_lock",
  `select ${flowColumns} from flow where store_id = $1 and id = $2 for no key update`,
);

const updateFlow = statement(
  "flow_update",
  "update flow set doc = $3, updated_at = $4 where store_id = $1 and id = $2",
);

const deleteFlow = statement(
  "flow_delete",
  "delete from flow where store_id = $1 and id = $2 returning 1 as gone",
);

const deleteFields = statement(
  "flow_fields_delete",
  "delete from flow_field where store_id = $1 and flow_id = $2",
);

const selectFields = statement(
  "flow_fields",
  `select ${fieldColumns} from flow_field
   where store_id = $1 and ($2::text is null or flow_id = $2) order by created_at, id`,
);

const selectField = statement(
  "flow_field_select",
  `select ${fieldColumns} from flow_field where store_id = $1 and id = $2`,
);

const countFields = statement(
  "flow_fields_count",
  `select count(*) as fields, coalesce(bool_or(slug = $3), false) as taken
   from flow_field where store_id = $1 and flow_id = $2`,
);

const insertField = statement(
  "flow_field_insert",
  `insert into flow_field (store_id, id, flow_id, slug, doc, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);

const lockField = statement(
  "flow_field_lock",
  `select ${fieldColumns} from flow_field where store_id = $1 and id = $2 for no key update`,
);

const updateField = statement(
  "flow_field_update",
  "update flow_field set doc = $3, updated_at = $4 where store_id = $1 and id = $2",
);

const deleteField = statement(
  "flow_field_delete",
  "delete from flow_field where store_id = $1 and id = $2 returning 1 as gone",
);
