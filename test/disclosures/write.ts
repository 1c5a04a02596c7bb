/** Draws the page of who learns what anew: `node test/disclosures/write.ts`. */
import { writeFileSync } from 'node:fs';
import { drawPage, pagePath } from './page.ts';

writeFileSync(pagePath, drawPage());
