import { expect, test } from "vitest";
import { toRegionAddress, withRegionAddress } from "./region-address.ts";

const full = {
  first_name: "Ada",
  last_name: "Byron",
  company: "Engines",
  address_1: "1 Long Lane",
  address_2: "Back door",
  city: "Bonn",
  country_code: "de",
  province: "NW",
  postal_code: "53111",
  phone: "1",
};

test("an address is the same there and back", () => {
  const members = withRegionAddress({}, full);
  expect(members).toMatchObject({ line_1: "1 Long Lane", country: "DE", postcode: "53111", region: "NW" });
  expect(toRegionAddress(members)).toEqual(full);
});

test("a county is a province, until another province is given", () => {
  const members = { line_1: "1 Long Lane", county: "Kent", instructions: "Ring twice" };
  expect(toRegionAddress(members)).toEqual({ address_1: "1 Long Lane", province: "Kent" });
  expect(withRegionAddress(members, { province: "Surrey" })).toEqual({
    line_1: "1 Long Lane",
    region: "Surrey",
    instructions: "Ring twice",
  });
  expect(withRegionAddress(members, { province: null })).toEqual({
    line_1: "1 Long Lane",
    instructions: "Ring twice",
  });
});

test("what is not given stays, and null takes away", () => {
  const members = withRegionAddress({}, full);
  expect(toRegionAddress(withRegionAddress(members, { city: "Köln", phone: null }))).toEqual({
    ...Object.fromEntries(Object.entries(full).filter(([name]) => name !== "phone")),
    city: "Köln",
  });
});
