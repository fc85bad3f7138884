import { describeKillsWhileArchiving } from '../../testing/archiving-kills.contract';

describeKillsWhileArchiving([
  ['packed', 1],
  ['packed', 3],
  ['written', 1],
  ['published', 1],
  ['verified', 1],
  ['recorded', 1],
  ['dropped', 1],
  ['dropped', 3],
]);
