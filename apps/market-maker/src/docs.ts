import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocs } from '@opensqt/configuration';

const repository = join(__dirname, '../../..');
for (const [file, content] of Object.entries(configurationDocs())) {
  writeFileSync(join(repository, file), content);
}
