import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import {
  type Cluster,
  type ClusterState,
  examineCluster,
  locateCluster,
  placeNewCluster,
  refuseOtherMajor,
} from "./cluster-place.ts";
import type { Connection } from "./connection.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { createCluster } from "./new-cluster.ts";
import { findPackagedBinaries } from "./packaged-binaries.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { type Joining, joinServer } from "./presence.ts";
import { lastLines } from "./server-log.ts";
import { startServer } from "./server-process.ts";
import { reaches, userForNewCluster } from "./server-user.ts";
import { prepareSocketDirectory, socketPort } from "./socket-directory.ts";
import { withStartLock } from "./start-lock.ts";
import { usableBinaries } from "./usable-binaries.ts";

const pollMs = 10;
const slowPollMs = 100;
/** How long a server may neither answer nor go away. */
const patienceMs = 15_000;
/** How long one may say that it is coming up. */
const recoveryLimitMs = 600_000;

/** What to open, and how far to go. */
export type JoinRequest = {
  /** As `openDataDirectory` gave it. */
  readonly dataDirectory: string;
  readonly sharedDirectory: string;
  readonly logFile: string;
  readonly log: { info(fields: object, message: string): void };
  /** False when a database was here already: that it is gone must not be answered with an empty one. */
  readonly mayCreate: boolean;
  /** Gives up when it fires. */
  readonly signal: AbortSignal;
};

/** A share of a running server. */
export type Joined = {
  readonly cluster: Cluster;
  readonly client: Client;
  /** As superuser. */
  readonly connection: Connection;
  readonly how: "created" | "started" | "attached";
};

/**
 * Joins the server of a data directory; creates the cluster and starts the server where that is needed.
 * @throws EmbeddedPostgresError when the database cannot be used, or does not answer for 15 seconds
 */
export async function joinOrStart(request: JoinRequest): Promise<Joined> {
  let how: Joined["how"] = "attached";
  const began = performance.now();
  let progressAt = began;
  for (;;) {
    request.signal.throwIfAborted();
    const cluster = await locateCluster(request.dataDirectory);
    const state = await examineCluster(cluster);
    let joining: Joining = state.state === "present" ? await joinServer(cluster) : { state: "absent" };
    if (joining.state === "absent") {
      const started = await withStartLock(request.dataDirectory, () => start(request));
      joining = started.joining;
      if (how === "attached") how = started.how;
    }
    if (joining.state === "joined") {
      return { cluster: await locateCluster(request.dataDirectory), ...joining, how };
    }
    const now = performance.now();
    if (joining.state === "busy" && joining.progressing && now - began < recoveryLimitMs) progressAt = now;
    if (now - progressAt > patienceMs) throw await unanswered(request, cluster, joining);
    await delay(now - began < 1_000 ? pollMs : slowPollMs);
  }
}

/** With the lock held everything is looked at again, because somebody else may have held it until now. */
async function start(request: JoinRequest): Promise<{ joining: Joining; how: Joined["how"] }> {
  let how: Joined["how"] = "attached";
  let cluster = await locateCluster(request.dataDirectory);
  let state = await examineCluster(cluster);
  if (state.state === "absent") {
    if (!request.mayCreate) {
      throw new EmbeddedPostgresError(
        `The database in ${cluster.directory} is gone while it was in use. Bring it back.`,
      );
    }
    cluster = await create(request);
    state = await examineCluster(cluster);
    how = "created";
  }
  const joining = await joinServer(cluster);
  if (joining.state !== "absent" || state.state === "absent") return { joining, how };
  const stale = await readPostmasterFile(cluster.directory);
  // PostgreSQL refuses to start over an empty one, which is what a full disk or a power cut can leave.
  if (stale?.pid === 0) await rm(path.join(cluster.directory, "postmaster.pid"), { force: true });
  const prepared = await preparation(request, cluster, state);
  // Guards the socket only, and the process it names may be dead and still listed (a container that reaps nobody).
  await rm(path.join(prepared.socketDirectory, `.s.PGSQL.${socketPort}.lock`), { force: true });
  const result = await startServer({ ...prepared, cluster, logFile: request.logFile, stale });
  if (result === "taken") {
    const why = "another server, or what is left of one, still holds it";
    await delay(slowPollMs);
    return { joining: { state: "busy", why, progressing: false }, how };
  }
  return { joining: await joinServer(cluster), how: how === "created" ? how : "started" };
}

async function create(request: JoinRequest): Promise<Cluster> {
  const { dataDirectory, sharedDirectory, log } = request;
  const packaged = findPackagedBinaries();
  const user = await userForNewCluster();
  const cluster = await placeNewCluster(dataDirectory, user, sharedDirectory);
  if (cluster.home !== dataDirectory) {
    log.info(
      { dataDirectory, cluster: cluster.directory, uid: user?.uid },
      "PostgreSQL does not run as root, and its user does not get into the data directory: the database is kept elsewhere",
    );
  }
  await createCluster(
    cluster,
    await usableBinaries({ packaged, user, dataDirectory, sharedDirectory }),
    user,
  );
  return cluster;
}

async function preparation(
  request: JoinRequest,
  cluster: Cluster,
  { major, user }: Extract<ClusterState, { state: "present" }>,
) {
  const { dataDirectory, sharedDirectory } = request;
  const packaged = findPackagedBinaries();
  refuseOtherMajor(cluster, major, packaged.major);
  if (user && !(await reaches(user, cluster.directory))) {
    throw new EmbeddedPostgresError(
      `The database in ${cluster.directory} runs as user ${user.uid}, who does not get into that directory any more. ` +
        "Open the directories above it for passing through (chmod o+x), or move the data directory.",
    );
  }
  return {
    user,
    binaries: await usableBinaries({ packaged, user, dataDirectory, sharedDirectory }),
    socketDirectory: await prepareSocketDirectory(cluster, user, sharedDirectory),
  };
}

async function unanswered(
  request: JoinRequest,
  cluster: Cluster,
  joining: Joining,
): Promise<EmbeddedPostgresError> {
  const server = await readPostmasterFile(cluster.directory);
  const why = joining.state === "busy" ? joining.why : "it stops as soon as it is started";
  return new EmbeddedPostgresError(
    `The database in ${cluster.directory} could not be joined for ${patienceMs / 1000} seconds: ${why}. ` +
      `${server ? `Its server is process ${server.pid}; if it hangs, end it (kill -QUIT ${server.pid}) and start again. ` : ""}` +
      `The end of ${request.logFile}:\n${await lastLines(request.logFile)}`,
  );
}
