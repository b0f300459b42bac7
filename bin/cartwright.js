#!/usr/bin/env node
import { loadDriver } from "../dist/cli/load-driver.js";

await loadDriver();
const { main } = await import("../dist/cli/main.js");
await main(process.argv);
