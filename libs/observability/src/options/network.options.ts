import { type FileReference, isHttpUrl, scalar } from '@opensqt/trading-events/options';

/** The address of an HTTP proxy, with or without its scheme, or '' for none. */
export const proxyAddress = scalar<string, string | FileReference>({
  allowed: "the http or https address of a proxy, or '' for none",
  hint: { title: 'text', type: 'string', secret: true },
  read: (raw) =>
    typeof raw === 'string' && (raw === '' || isHttpUrl(raw.includes('://') ? raw : `http://${raw}`))
      ? raw
      : undefined,
  hidden: true,
});

/** One or more certificates as PEM. */
export const certificates = scalar<string>({
  allowed: 'PEM certificates, which begin with -----BEGIN CERTIFICATE-----',
  hint: { title: 'text', type: 'string' },
  read: (raw) =>
    typeof raw === 'string' && /^-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----$/.test(raw.trim())
      ? raw
      : undefined,
  isMultiline: true,
  hidden: true,
});
