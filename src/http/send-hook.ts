import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { HookCall } from "../operations/hooks.ts";

/** Bytes of an answer that are read, and kept with the attempt. */
const MAX_ANSWER_BYTES = 1_024;

/**
 * Calls an endpoint as https://www.standardwebhooks.com says. No redirect is followed: what it leads to was not agreed
 * upon, and may be inside.
 * @throws what `fetch` throws, also when the call was given up
 */
export async function sendHook(call: HookCall): Promise<{ status: number; answer: string }> {
  const { url, secrets, eventId, deliveryId, body, now, signal } = call;
  const at = new Date(now);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "Cartwright-Webhooks",
      "webhook-id": eventId,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      // Whoever knows one of the secrets finds their own among them.
      "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(" "),
      "cartwright-delivery": deliveryId,
    },
    body,
    redirect: "manual",
    signal,
  });
  return { status: response.status, answer: await beginning(response) };
}

/** A secret as the specification has it: 32 random bytes. */
export function newHookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** What came of the answer counts, however its body ends. NUL cannot be kept. */
async function beginning({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  if (!reader) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < MAX_ANSWER_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The status has come, so the endpoint has had it.
  }
  return Buffer.concat(parts).subarray(0, MAX_ANSWER_BYTES).toString("utf8").replaceAll("\u0000", "");
}
