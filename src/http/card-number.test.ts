import { expect, test } from "vitest";
import { holdsCardNumber } from "./card-number.ts";

test.each([
  '{"number":"4242424242424242"}',
  '{"number":4242424242424242}',
  '{"note":"pay with 4242 4242 4242 4242 12/27, please"}',
  '{"note":"5555-5555-5555-4444"}',
  '{"card":"378282246310005"}',
  '{"card":"6011 1111 1111 1117"}',
  '{"card":"4222222222222"}',
  '{"card":"6304000000000000000"}',
  "number=4000000000000002&exp=12",
])("a card number is seen in %s", (text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

test.each([
  '{"number":"4242424242424241"}',
  '{"id":"12345678-1234-4234-8234-123456789012"}',
  '{"payment":"pm_4242424242424242"}',
  '{"sku":"4006381333931"}',
  '{"at":1763712345678}',
  '{"at":1763712345676}',
  '{"amount":0.4242424242424242}',
  '{"phone":"+49 30 901820"}',
  '{"zeros":"0000000000000000"}',
  '{"hash":"4242424242424242abcdef"}',
])("none is seen in %s", (text) => {
  expect(holdsCardNumber(text)).toBe(false);
});
