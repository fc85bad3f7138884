import { X509Certificate } from 'node:crypto';
import { type FileReference, isHttpUrl, scalar } from '@opensqt/trading-events/options';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const LABEL = /-----BEGIN [^-]*-----/g;

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

/** One or more certificates as PEM; what stands around them, as in bundles, is let be. */
export const certificates = scalar<string>({
  allowed: 'PEM certificates, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----',
  hint: { title: 'text', type: 'string' },
  read: (raw) => (typeof raw === 'string' && areCertificates(raw) ? raw : undefined),
  isMultiline: true,
  hidden: true,
});

/** A broken one, or a key among them, would be found out by the first alert. */
function areCertificates(text: string): boolean {
  const found = text.match(CERTIFICATE) ?? [];
  return found.length > 0 && found.length === (text.match(LABEL) ?? []).length && found.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
