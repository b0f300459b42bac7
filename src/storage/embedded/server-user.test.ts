import { expect, test } from "vitest";
import { unprivilegedUser } from "./server-user.ts";

const root = "root:x:0:0:root:/root:/bin/bash";
const daemon = "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin";
const nobody = "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin";
const postgres = "postgres:x:101:104::/var/lib/postgresql:/bin/bash";

test.each([
  ["postgres first", [root, daemon, nobody, postgres], { uid: 101, gid: 104 }],
  ["then nobody", [root, daemon, nobody], { uid: 65534, gid: 65534 }],
  ["then whoever is not root", [root, daemon], { uid: 1, gid: 1 }],
  ["not the nobody of macOS, whose number is negative", ["nobody:*:-2:-2::/:/", daemon], { uid: 1, gid: 1 }],
  ["never root", [root, "toor:x:0:0::/root:/bin/sh"], undefined],
  ["nobody of a broken file", ["", "postgres", "#comment:x:y:z"], undefined],
])("who runs the server for root: %s", (_, lines, user) => {
  expect(unprivilegedUser(`${lines.join("\n")}\n`)).toEqual(user);
});
