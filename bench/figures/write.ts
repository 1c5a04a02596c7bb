/** Draws the figures of all documents anew: `node bench/figures/write.ts`. */
import { writeFileSync } from 'node:fs';
import { documents, pathOf, readDocument, withFigures } from './documents.ts';

for (const document of documents) writeFileSync(pathOf(document), withFigures(readDocument(document)));
