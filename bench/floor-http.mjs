import fastify from "fastify";

// A server that does nothing: it takes a body of JSON, checks it against a schema and answers three kilobytes of JSON.

const answer = {
  data: Array.from({ length: 10 }, (_, index) => ({
    id: crypto.randomUUID(),
    name: "x".repeat(200),
    amount: index,
  })),
};
const app = fastify({ logger: false });
app.post("/", { schema: { body: { type: "object", required: ["data"] } } }, (_request, reply) =>
  reply.header("content-type", "application/json").send(JSON.stringify(answer)),
);
const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.send({ url });
process.on("disconnect", () => process.exit());
