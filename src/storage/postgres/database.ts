import pg from "pg";

/** SQL with a name: each connection parses and plans it once. */
export type Statement = { readonly name: string; readonly text: string };

export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** A PostgreSQL database, or one transaction on it: the functions that hold SQL take either. */
export type Database = {
  /** Runs one statement. Deadlocks and serialization failures are retried, unless a transaction is open. */
  run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** Runs a text that was put together for one request (list filters); its values are bound all the same. */
  runText<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]>;
  /** A statement that fails here takes all before it with it. */
  readonly isTransaction: boolean;
  /**
   * Runs `work` in one transaction. It is begun anew after a deadlock or serialization failure, so `work` must not
   * change anything outside. A transaction within a transaction is a part of it: when it throws, only what it did is
   * undone, and whoever catches that may go on.
   */
  transaction<Value>(work: (database: Database) => Promise<Value>): Promise<Value>;
};

/** How often a statement or transaction is tried when the database asks for it. */
const MAX_TRIES = 8;

export type OpenDatabase = Database & {
  readonly pool: pg.Pool;
  /** Statements sent since the start, to see that a request needs few and constantly many. */
  statementCount(): number;
  close(): Promise<void>;
};

/**
 * What every session is told. Plans of named statements are kept: one that was made while a table was small must not
 * read it from end to end once it has grown, and every statement here has an index that serves it. Compiling statements
 * that take a fraction of a millisecond (jit) does not pay.
 */
const sessionSettings = [
  "timezone=UTC",
  "enable_seqscan=off",
  "jit=off",
  // A plan for a store that the table's statistics have not met yet is made for no rows at all, takes whatever index
  // begins with the store, and looks so cheap that it is made anew with every call.
  "plan_cache_mode=force_generic_plan",
];

/** Connects lazily; `maxConnections` bounds the pool. */
export function openDatabase(options: {
  connection: pg.ClientConfig;
  maxConnections: number;
  onError(error: Error): void;
}): OpenDatabase {
  const pool = new pg.Pool({
    application_name: "cartwright",
    ...options.connection,
    max: options.maxConnections,
    types,
    options: [options.connection.options, ...sessionSettings.map((setting) => `-c ${setting}`)]
      .filter(Boolean)
      .join(" "),
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
  });
  // An idle connection that breaks must not end the process; the next query gets a new one.
  pool.on("error", options.onError);
  // Nor must one that breaks in the middle of a transaction, while nothing is asked of it; the next statement fails.
  pool.on("connect", (client) => client.on("error", () => undefined));
  let count = 0;
  const query = async <Row extends object>(
    client: pg.Pool | pg.PoolClient,
    { name, text }: { name?: string; text: string },
    values: readonly unknown[],
  ): Promise<Row[]> => {
    count += 1;
    const asked = { text, values: values as unknown[] };
    const result = await client.query<Row>(name ? { name, ...asked } : asked);
    return result.rows;
  };

  const inTransaction = (client: pg.PoolClient): Database => {
    const database: Database = {
      isTransaction: true,
      run: (named, values) => query(client, named, values),
      runText: (text, values) => query(client, { text }, values),
      async transaction(work) {
        await query(client, { name: "savepoint", text: "savepoint part" }, []);
        try {
          const value = await work(database);
          await query(client, { name: "savepoint_release", text: "release savepoint part" }, []);
          return value;
        } catch (error) {
          // Should this fail, the connection is gone, and the whole transaction with it.
          await query(client, { name: "savepoint_undo", text: "rollback to savepoint part" }, []).catch(
            () => undefined,
          );
          throw error;
        }
      },
    };
    return database;
  };

  return {
    pool,
    isTransaction: false,
    statementCount: () => count,
    run: (named, values) => retried(() => query(pool, named, values)),
    runText: (text, values) => retried(() => query(pool, { text }, values)),
    transaction: (work) =>
      retried(async () => {
        const client = await pool.connect();
        let broken: Error | undefined;
        try {
          await query(client, { name: "begin", text: "begin" }, []);
          const value = await work(inTransaction(client));
          await query(client, { name: "commit", text: "commit" }, []);
          return value;
        } catch (error) {
          await query(client, { name: "rollback", text: "rollback" }, []).catch((lost: Error) => {
            broken = lost;
          });
          throw error;
        } finally {
          client.release(broken);
        }
      }),
    close: () => pool.end(),
  };
}

async function retried<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_TRIES || !isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * attempt));
    }
  }
}

/** The database took nothing and asks for another try: a serialization failure or a deadlock. */
function isTransient(error: unknown): boolean {
  const code = sqlState(error);
  return code === "40001" || code === "40P01";
}

/** The SQLSTATE of an error that the database answered. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** The unique constraint that a write ran into, if it did. */
export function violatedUnique(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === "23505" ? error.constraint : undefined;
}

/** The database cannot be reached or is just starting or stopping: the same request may succeed in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = sqlState(error);
  if (code !== undefined) return /^(08|57P|53300$|25006$)/.test(code);
  const system = (error as NodeJS.ErrnoException).code;
  return (
    (system !== undefined && unreachable.has(system)) ||
    /Connection terminated|not queryable|timeout exceeded when trying to connect|timeout expired/.test(
      error.message,
    )
  );
}

/** How the system says that a server, its socket or its name is not there. */
const unreachable = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

// int8 comes as a number (every count and amount of ours is a safe integer), timestamps as RFC 3339 in UTC.
const parsers = new Map<number, (text: string) => unknown>([
  [20, Number],
  [1184, (text) => new Date(text).toISOString()],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    (format !== "binary" && parsers.get(oid)) ||
    pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};
