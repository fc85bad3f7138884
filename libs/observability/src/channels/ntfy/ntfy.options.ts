import { flag, httpUrl, neededWhileEnabled, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

/** ntfy. */
export const ntfyOptions = z
  .strictObject({
    /** Notifies the subscribers of a topic. Needs `topic`. @default false */
    enabled: flag.prefault(false),
    /** The topic. On a public server whoever knows its name can read it: choose one that nobody guesses. */
    topic: text({
      allowed: '1 to 64 letters, digits, hyphens and underscores',
      pattern: /^[-\w]{1,64}$/,
      secret: true,
    }).optional(),
    /** Access token (`tk_…`) of a topic that is protected. Absent: none. */
    token: text({ allowed: 'an access token', pattern: /^\S+$/, secret: true }).optional(),
    /** Subscribers are notified from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
    /** The server, for a self-hosted one. @default 'https://ntfy.sh' */
    url: httpUrl('the http or https URL of an ntfy server').prefault('https://ntfy.sh'),
  })
  .superRefine(neededWhileEnabled('alerts.ntfy', ['topic']))
  .prefault({})
  .describe('Push notifications to phones, through a topic of ntfy.');
