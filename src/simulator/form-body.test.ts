import { expect, test } from "vitest";
import { parseForm } from "./form-body.ts";

test("names with brackets become objects and lists", () => {
  expect(parseForm("amount=5&metadata[a]=1&metadata[b]=2&expand[0]=x&expand[1]=y&created[gte]=3")).toEqual({
    amount: "5",
    metadata: { a: "1", b: "2" },
    expand: ["x", "y"],
    created: { gte: "3" },
  });
  expect(parseForm("types[]=a&types[]=b")).toEqual({ types: ["a", "b"] });
});

test("names that contradict each other, or try to be clever, do no harm", () => {
  expect(parseForm("a=1&a[b]=2")).toEqual({ a: "1" });
  parseForm("__proto__[polluted]=1");
  expect({}).not.toHaveProperty("polluted");
});
