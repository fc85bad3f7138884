import { describeStorm } from './testing/storm.contract';

describeStorm(10_000);
