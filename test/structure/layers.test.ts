import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../../src", import.meta.url));

/** What each layer may import of our own code, and which packages; the first entry that fits a file counts. */
const rules: readonly { layer: string; mayImport: readonly string[]; packages: boolean }[] = [
  { layer: "domain/", mayImport: ["domain/"], packages: false },
  { layer: "gateways/", mayImport: ["domain/", "gateways/"], packages: true },
  { layer: "fulfilment/", mayImport: ["domain/", "fulfilment/"], packages: true },
  { layer: "mail/", mayImport: ["domain/", "mail/"], packages: true },
  {
    layer: "operations/",
    mayImport: ["domain/", "gateways/", "fulfilment/fulfilment-provider.ts", "mail/", "operations/"],
    packages: false,
  },
  { layer: "storage/embedded/", mayImport: ["storage/embedded/"], packages: true },
  { layer: "storage/", mayImport: ["domain/", "mail/", "operations/", "storage/postgres/"], packages: true },
  {
    layer: "http/elasticpath/",
    mayImport: [
      "domain/",
      "operations/",
      "http/route.ts",
      "http/dialect.ts",
      "http/validation.ts",
      "http/bearer.ts",
      "http/why-refused.ts",
      "http/why-rule-refused.ts",
      "http/why-rule-refused.ts",
      "http/elasticpath/",
    ],
    packages: true,
  },
  {
    layer: "http/cartwright/",
    mayImport: [
      "domain/",
      "mail/",
      "operations/",
      "http/route.ts",
      "http/dialect.ts",
      "http/validation.ts",
      "http/bearer.ts",
      "http/why-refused.ts",
      "http/why-rule-refused.ts",
      "http/why-rule-refused.ts",
      "http/cartwright/",
    ],
    packages: true,
  },
  { layer: "http/", mayImport: ["domain/", "operations/", "http/"], packages: true },
  { layer: "simulator/", mayImport: ["simulator/"], packages: true },
  { layer: "worker/", mayImport: ["domain/", "operations/", "worker/"], packages: false },
  { layer: "config.ts", mayImport: [], packages: false },
  { layer: "package-files.ts", mayImport: ["operations/"], packages: true },
  { layer: "first-start.ts", mayImport: [""], packages: true },
  { layer: "core.ts", mayImport: [""], packages: true },
  { layer: "engine.ts", mayImport: [""], packages: true },
  { layer: "cli/", mayImport: [""], packages: true },
];

type Import = { file: string; target: string; own: boolean };

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)";/gms)].map(
    (match) => match[1] as string,
  );
  return specifiers.map((specifier) => {
    const own = specifier.startsWith(".");
    const target = own ? relative(source, resolve(source, dirname(file), specifier)) : specifier;
    return { file, target, own };
  });
}

const imports = files.flatMap(importsOf);

test("every file belongs to a layer", () => {
  expect(files.length).toBeGreaterThan(80);
  expect(files.filter((file) => !rules.some(({ layer }) => file.startsWith(layer)))).toEqual([]);
});

test("every import is allowed to its layer", () => {
  expect(imports.filter(({ own }) => own).length).toBeGreaterThan(200);
  const offenders = imports.filter(({ file, target, own }) => {
    const rule = rules.find(({ layer }) => file.startsWith(layer));
    if (!rule) return true;
    return own ? !rule.mayImport.some((allowed) => target.startsWith(allowed)) : !rule.packages;
  });
  expect(offenders.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test("only the servers know the web framework, only the storage the driver, and one file each the mail libraries", () => {
  const users = (pattern: RegExp) =>
    [...new Set(imports.filter(({ target }) => pattern.test(target)).map(({ file }) => file))].sort();
  expect(users(/^@?fastify/)).toEqual([
    "engine.ts",
    "http/framework.ts",
    "http/reference.ts",
    "http/server.ts",
    "simulator/server.ts",
  ]);
  expect(users(/^mustache$/)).toEqual(["mail/template.ts"]);
  // Types only: the library is loaded with the first mail.
  expect(users(/^nodemailer/)).toEqual(["mail/smtp.ts"]);
  expect(readFileSync(join(source, "mail/smtp.ts"), "utf8")).not.toMatch(/^import (?!type).*"nodemailer"/m);
  expect(users(/^pg$/).filter((file) => !file.startsWith("storage/"))).toEqual([]);
});

test("there are no barrels, no default exports and no enums", () => {
  expect(files.filter((file) => file.endsWith("index.ts"))).toEqual([]);
  const offenders = files.filter((file) => {
    const text = readFileSync(join(source, file), "utf8");
    return (
      /^export default\b/m.test(text) ||
      /^export \* from/m.test(text) ||
      /^(export )?(const )?enum\b/m.test(text)
    );
  });
  expect(offenders).toEqual([]);
});
