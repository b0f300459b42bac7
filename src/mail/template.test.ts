import { expect, test } from "vitest";
import { mailDefaults, mailKinds, mailWords } from "./mail-kinds.ts";
import { defaultLinks } from "./mail-settings.ts";
import { fillTemplate, templateProblem } from "./template.ts";

test.each([
  ["{{order.number}} of {{store.name}}", "#7 of Shop"],
  ["{{{store.name}}} & {{&store.name}} & {{ store.name }}", "Shop & Shop & Shop"],
  ["{{#link}}go to {{link}}{{/link}}{{^link}}nowhere{{/link}}", "nowhere"],
  ["{{#order.number}}order {{order.number}}{{/order.number}}", "order #7"],
  ["{{! nobody sees this }}a < b & c", "a < b & c"],
  ["{{token}}", ""],
])("%s is filled", (template, expected) => {
  expect(templateProblem(template)).toBeUndefined();
  expect(fillTemplate(template, { "order.number": "#7", "store.name": "Shop" })).toBe(expected);
});

test.each([
  ["{{order.numbr}}", 'There is no placeholder "order.numbr"'],
  ["{{#order.number}}{{constructor}}{{/order.number}}", 'There is no placeholder "constructor"'],
  ["{{store.name.constructor}}", 'There is no placeholder "store.name.constructor"'],
  ["{{__proto__}}", 'There is no placeholder "__proto__"'],
  ["{{> footer}}", '"{{>footer}}" is not supported'],
  ["{{=<% %>=}}", '"{{=<% %>}}" is not supported'],
  ["{{#link}}open", "Unclosed"],
  ["{{link", "Unclosed"],
])("%s is no template", (template, problem) => {
  expect(templateProblem(template)).toContain(problem);
});

test("a value is never read as a template", () => {
  expect(fillTemplate("{{customer.name}}", { "customer.name": "{{token}}", token: "secret" })).toBe(
    "{{token}}",
  );
});

test("all that comes along is a template", () => {
  const texts = mailKinds.flatMap((kind) => mailWords.map((name) => mailDefaults[kind].words[name]));
  expect([...texts, ...Object.values(defaultLinks)].map(templateProblem).filter(Boolean)).toEqual([]);
});
