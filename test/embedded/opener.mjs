// A process that opens and closes embedded databases as it is told, one JSON command a line on its standard input, and
// answers each with a line of JSON. First argument: the compiled module to import.
import { createInterface } from "node:readline";

const { openEmbeddedPostgres } = await import(process.argv[2]);
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
let database;

answer({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  const logged = [];
  const note = (fields, message) => logged.push({ ...fields, message });
  try {
    if (command.open) {
      database = await openEmbeddedPostgres({ ...command.open, log: { info: note, warn: note } });
      answer({ how: database.how, connection: database.connection, logged });
    } else {
      await database.close();
      answer({ closed: true });
    }
  } catch (error) {
    answer({ refused: error.name, message: error.message });
  }
}
// The test is gone: so are we, like an engine that is killed.
process.exit();
