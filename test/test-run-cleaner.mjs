// Removes the directory of a test run, and stops the databases in it, when its standard input ends: that is when the
// test run is over, also when it was killed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

const directory = process.argv[2];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdin.on("error", () => {});
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("close", resolve));

/** The servers that say in a `postmaster.pid` below the directory that they run there, and do. */
function servers() {
  return readdirSync(directory, { recursive: true })
    .filter((entry) => path.basename(entry) === "postmaster.pid")
    .map((entry) => Number.parseInt(readFileSync(path.join(directory, entry), "utf8"), 10))
    .filter((pid) => pid > 0 && commandOf(pid).includes(directory));
}

function commandOf(pid) {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

const deadline = Date.now() + 30_000;
while (existsSync(directory)) {
  try {
    for (const pid of servers()) process.kill(pid, "SIGQUIT");
    rmSync(directory, { recursive: true });
  } catch (error) {
    // A server that was just told to stop still removes its files.
    if (Date.now() > deadline) throw error;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
