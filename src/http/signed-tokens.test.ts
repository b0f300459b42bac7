import { createSigner } from "fast-jwt";
import { expect, test } from "vitest";
import { signedTokens } from "./signed-tokens.ts";

const secret = "a secret of more than thirty-two characters";

test("a token is believed by everybody with the secret, as often as it is shown", () => {
  const token = signedTokens(secret).sign({ use: "access", sub: "ada" }, 60);
  const tokens = signedTokens(secret);
  expect(tokens.verify(token)).toMatchObject({ use: "access", sub: "ada" });
  expect(tokens.verify(token)).toMatchObject({ use: "access", sub: "ada" });
});

test("nothing else is believed, also after a good token was", () => {
  const tokens = signedTokens(secret);
  const token = tokens.sign({ sub: "ada" }, 60);
  tokens.verify(token);
  const [head, , signature] = token.split(".");
  const other = signedTokens("another secret of more than thirty-two").sign({ sub: "ada" }, 60);
  const forged = Buffer.from(JSON.stringify({ sub: "eve", exp: 9_999_999_999 })).toString("base64url");
  expect(tokens.verify(other)).toBeUndefined();
  expect(tokens.verify(`${head}.${forged}.${signature}`)).toBeUndefined();
  expect(tokens.verify(`${token}x`)).toBeUndefined();
  expect(tokens.verify("")).toBeUndefined();
});

test("a remembered token ends when it says", () => {
  let now = Date.now();
  const tokens = signedTokens(secret, () => now);
  const token = tokens.sign({ sub: "ada" }, 60);
  expect(tokens.verify(token)).toBeDefined();
  now += 62_000;
  expect(tokens.verify(token)).toBeUndefined();
});

test("a token without an end is none of ours", () => {
  const endless = createSigner({ key: secret, algorithm: "HS256" })({ sub: "ada" });
  expect(signedTokens(secret).verify(endless)).toBeUndefined();
});
