import { FAILURES, describeSecrets } from './testing/secrets.contract';

describeSecrets(FAILURES);
