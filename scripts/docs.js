#!/usr/bin/env node
/** Writes the pages of docs/ that are made from the sources. */
import { writeFileSync } from "node:fs";
import { optionsPage } from "../dist/src/options/markdown.js";

writeFileSync(new URL("../docs/options.md", import.meta.url), optionsPage());
