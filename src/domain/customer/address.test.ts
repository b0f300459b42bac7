import { describe, expect, test } from "vitest";
import { missingAddressMembers } from "./address.ts";

const mandatory = ["first_name", "last_name", "line_1", "county", "postcode", "country"];
const complete = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Main Street",
  county: "Orange",
  postcode: "92867",
  country: "US",
};

describe("members that an address must have", () => {
  test("a complete address lacks nothing", () => {
    expect(missingAddressMembers(complete, mandatory)).toEqual([]);
  });

  test("every mandatory member that is absent or blank is named", () => {
    expect(missingAddressMembers({}, mandatory)).toEqual([
      "first_name",
      "last_name",
      "line_1",
      "county",
      "postcode",
      "country",
    ]);
    expect(missingAddressMembers({ ...complete, line_1: "", country: " " }, mandatory)).toEqual([
      "line_1",
      "country",
    ]);
  });

  test("a region stands for the county, and a county for the region", () => {
    const { county, ...without } = complete;
    expect(missingAddressMembers({ ...without, region: "CA" }, mandatory)).toEqual([]);
    expect(missingAddressMembers({ ...without, county }, ["region"])).toEqual([]);
    expect(missingAddressMembers(without, ["region"])).toEqual(["region"]);
    expect(missingAddressMembers(without, ["region", "county"])).toEqual(["county"]);
  });

  test("what the store does not ask for may be missing, and names that no address has ask for nothing", () => {
    expect(missingAddressMembers({ name: "Home" }, ["name", "planet"])).toEqual([]);
  });
});
