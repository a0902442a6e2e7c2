// Writes docs/costs.md anew, after a price or the model changed; `npm run bench` does so after measuring.
import { writeCosts } from "./costs/write-costs.ts";

await writeCosts();
