import type { ExtensibleResource, FieldDefinition } from "../../domain/custom-fields/field.ts";
import type { Result } from "../../domain/result.ts";

/** The fields that a store adds to one of its resources; the slug says which. A store has one for each at most. */
export type Flow = {
  readonly id: string;
  readonly slug: ExtensibleResource;
  readonly name: string;
  readonly description: string;
  /** None of the fields of a flow that is disabled is accepted or shown. */
  readonly enabled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A field as it is kept. Its slug is unique in its flow. */
export type Field = FieldDefinition & {
  readonly flowId: string;
  readonly enabled: boolean;
  /** Fields with the smallest are shown first, those without one last. */
  readonly order: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What is stored here is part of the store's configuration (`customFields`), which a change makes anew. */
export type FlowPort = {
  /** Oldest first. */
  list(storeId: string): Promise<readonly Flow[]>;
  load(storeId: string, flowId: string): Promise<Flow | undefined>;
  findBySlug(storeId: string, slug: string): Promise<Flow | undefined>;
  insert(storeId: string, flow: Flow): Promise<"saved" | "slug_taken">;
  /** Stores name, description and whether it is enabled; undefined when there is no such flow. */
  change(storeId: string, flowId: string, change: (flow: Flow) => Flow): Promise<Flow | undefined>;
  /** With its fields. */
  delete(storeId: string, flowId: string): Promise<boolean>;
  /** Of one flow or of all, oldest first. */
  listFields(storeId: string, flowId?: string): Promise<readonly Field[]>;
  loadField(storeId: string, fieldId: string): Promise<Field | undefined>;
  /** "limit": the flow has `limit` fields already. */
  insertField(
    storeId: string,
    field: Field,
    limit: number,
  ): Promise<"saved" | "flow_not_found" | "slug_taken" | "limit">;
  /** Stores what `change` makes of the field, except for its slug and flow; undefined when there is none. */
  changeField<Refusal>(
    storeId: string,
    fieldId: string,
    change: (field: Field) => Result<Field, Refusal>,
  ): Promise<Result<Field, Refusal> | undefined>;
  /** Values stay where they are stored, and are no longer shown. */
  deleteField(storeId: string, fieldId: string): Promise<boolean>;
};
