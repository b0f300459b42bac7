import { expect, test } from "vitest";
import { namesOf, wholeName } from "./names.ts";

test("names that were given stay as they are", () => {
  expect(namesOf({ name: "Ada Byron", firstName: "Augusta Ada", lastName: "King" })).toEqual({
    firstName: "Augusta Ada",
    lastName: "King",
  });
  expect(namesOf({ name: "Ada", lastName: "Byron" })).toEqual({ lastName: "Byron" });
});

test("a whole name is parted before its last word", () => {
  expect(namesOf({ name: "Augusta Ada  Byron" })).toEqual({ firstName: "Augusta Ada", lastName: "Byron" });
  expect(namesOf({ name: "Ada" })).toEqual({ firstName: "Ada" });
  expect(namesOf({ name: " " })).toEqual({});
  expect(namesOf({ name: "ada@example.com" })).toEqual({});
});

test("a person is called by the names there are, or by something else", () => {
  expect(wholeName({ firstName: "Ada", lastName: "Byron" }, "ada@example.com")).toBe("Ada Byron");
  expect(wholeName({ lastName: "Byron" }, "ada@example.com")).toBe("Byron");
  expect(wholeName({ firstName: " " }, "ada@example.com")).toBe("ada@example.com");
});
