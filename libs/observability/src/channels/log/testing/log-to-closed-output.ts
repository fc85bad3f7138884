import { LogChannel } from '../log.channel';
import type { AlertNotification } from '../../channel';

/** Logs the alerts that its parent sends with Nest's own logger, to whatever standard output is, and answers that it lives. */
const channel = new LogChannel();
process.on('message', (notification: AlertNotification) => {
  const timestamp = new Date(notification.timestamp);
  void channel.send({ ...notification, timestamp }).then(() => setImmediate(() => process.send?.('alive')));
});
process.send?.('ready');
