import { expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_CORS_ORIGINS: "https://shop.example" });

function preflight(path: string, origin: string): Promise<Response> {
  return fetch(`${wire.url}${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type, x-publishable-api-key, idempotency-key",
    },
  });
}

test("pages of a configured origin may ask with cookies", async () => {
  for (const path of ["/store/carts", "/admin/auth"]) {
    const answer = await preflight(path, "https://shop.example");
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    expect(answer.headers.get("access-control-allow-headers")).toBe(
      "content-type, x-publishable-api-key, idempotency-key",
    );
    expect(answer.headers.get("access-control-allow-methods")).toContain("DELETE");
  }
  const headers = { origin: "https://shop.example" };
  const answer = await wire.ask("GET", "/store/regions", undefined, { headers });
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
  expect(answer.headers.get("vary")?.toLowerCase()).toContain("origin");
});

test("pages of other origins are told nothing that lets a browser show them an answer", async () => {
  const answer = await preflight("/store/carts", "https://evil.example");
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  const headers = { origin: "https://evil.example" };
  const asked = await wire.ask("GET", "/store/regions", undefined, { headers });
  expect(asked.status).toBe(200);
  expect(asked.headers.get("access-control-allow-origin")).toBeNull();
});

test("what is no route under these paths follows the same origins", async () => {
  for (const path of ["/store/nothing", "/admin/nothing/at/all", "/store"]) {
    for (const [origin, allowed] of [
      ["https://shop.example", "https://shop.example"],
      ["https://evil.example", null],
    ] as const) {
      const asked = await fetch(`${wire.url}${path}`, { method: "POST", headers: { origin } });
      expect(asked.status).toBe(404);
      expect(await asked.json()).toMatchObject({ type: "not_found" });
      expect(asked.headers.get("access-control-allow-origin")).toBe(allowed);
    }
  }
});

test("the other dialect answers every origin, and takes no cookies", async () => {
  const answer = await preflight("/v2/carts", "https://evil.example");
  expect(answer.status).toBe(204);
  expect(answer.headers.get("access-control-allow-origin")).toBe("https://evil.example");
  expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
});
