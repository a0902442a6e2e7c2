import { z } from "zod";

// Schemas decide when they are made whether to compile themselves with `new Function`, which the page's policy forbids:
// this module must be imported before any that makes one.
z.config({ jitless: true });
