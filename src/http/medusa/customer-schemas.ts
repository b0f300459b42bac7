import Type from "typebox";
import { bodyOf, dateTime, given, metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

// Addresses and customers, as bodies and as answers.

/** A text of a body that may be empty. */
const line = Type.String({ maxLength: 255 });

const lines = {
  company: given(line),
  address_2: given(line),
  province: given(line),
  phone: given(Type.String({ maxLength: 100 })),
  metadata: given(metadata),
};

/** An address that is added: where mail could go. */
export const newAddress = bodyOf({
  first_name: line,
  last_name: line,
  address_1: line,
  city: line,
  country_code: Type.String({ maxLength: 100 }),
  postal_code: Type.String({ maxLength: 100 }),
  ...lines,
});

/** An address of which any part may be given. */
export const partOfAddress = bodyOf({
  first_name: given(line),
  last_name: given(line),
  address_1: given(line),
  city: given(line),
  country_code: given(Type.String({ maxLength: 100 })),
  postal_code: given(Type.String({ maxLength: 100 })),
  ...lines,
});

/** An address in an answer. `customer_id` is null for one that is in nobody's address book. */
export const address = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  customer_id: textOrNull,
  company: textOrNull,
  first_name: textOrNull,
  last_name: textOrNull,
  address_1: textOrNull,
  address_2: textOrNull,
  city: textOrNull,
  country_code: textOrNull,
  province: textOrNull,
  postal_code: textOrNull,
  phone: textOrNull,
  metadata: nullable(metadata),
});

/** A customer without anything that belongs to it. */
export const customerRow = Type.Object({
  id: Type.String(),
  created_at: dateTime,
  updated_at: dateTime,
  deleted_at: Type.Null(),
  email: Type.String(),
  first_name: textOrNull,
  last_name: textOrNull,
  billing_address_id: textOrNull,
  phone: textOrNull,
  has_account: Type.Boolean(),
  metadata: nullable(metadata),
});

/** A customer with its addresses. */
export const customerWithAddresses = Type.Object({
  ...customerRow.properties,
  billing_address: nullable(address),
  shipping_addresses: Type.Array(address),
});

/**
 * A password that somebody chooses. Any length that storefronts of this API let pass; it is for them to ask for more.
 */
export const chosenPassword = Type.String({ minLength: 1, maxLength: 256 });

export const email = Type.String({ format: "email", maxLength: 254 });
