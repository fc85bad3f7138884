import { describeStorm } from './testing/storm.contract';

describeStorm(300);
