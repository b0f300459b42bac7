/** Resources that a store may add fields to. */
export const extensibleResources = [
  "carts",
  "cart_items",
  "orders",
  "order_items",
  "customers",
  "products",
] as const;
export type ExtensibleResource = (typeof extensibleResources)[number];

export const fieldTypes = ["string", "integer", "boolean", "float", "date"] as const;
/** What a field holds. A date is a text, see `dateValue`. */
export type FieldType = (typeof fieldTypes)[number];

/** A value of a field; null is none. */
export type FieldValue = string | number | boolean | null;

/** Values of custom fields by the fields' slugs. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** What a value must be beyond its type. Bounds belong to the range. */
export type ValueRule =
  | { readonly type: "enum"; readonly options: readonly (string | number)[] }
  | {
      readonly type: "between";
      readonly options: { readonly from: string | number; readonly to: string | number };
    }
  | { readonly type: "email" }
  | { readonly type: "slug" };

/** A member that a store has added to one of its resources. */
export type FieldDefinition = {
  readonly id: string;
  /** Name of the member, and what its values are kept under. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly type: FieldType;
  /** Whoever makes the resource has to give a value. */
  readonly required: boolean;
  /** Value of a new resource when none is given; not of a field that is required. */
  readonly default: FieldValue;
  readonly rules: readonly ValueRule[];
  /** The member is left out where it has no value, instead of being null. */
  readonly omitNull: boolean;
};

/** The fields of each resource, in the order in which they are shown. Those that are disabled are not among them. */
export type CustomFields = Readonly<Partial<Record<ExtensibleResource, readonly FieldDefinition[]>>>;

/** Fields that one resource may have (the vendor's limit). */
export const MAX_FIELDS = 100;

/** Characters that a text may have. */
export const MAX_TEXT = 10_000;
