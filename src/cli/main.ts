#!/usr/bin/env node
import { listenToSignals } from "./interrupt.js";

// All else is read only then: a signal in the meantime has the words and the status of later ones.
listenToSignals();
const { main } = await import("./isoloss.js");
await main(process.argv.slice(2));
