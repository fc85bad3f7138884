import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents/documents';

for (const [file, text] of Object.entries(documents())) writeFileSync(join(__dirname, '../..', file), text);
