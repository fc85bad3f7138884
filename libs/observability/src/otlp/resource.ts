import {
  type Resource,
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';

/** The process that the metrics are of. */
export interface Origin {
  readonly bot: string;
  /** Of several processes of one bot each has its own: without it their series would be the same. */
  readonly writer: string;
  readonly version: string;
}

/** The resource of the metrics: what `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say, before what is known of the process. */
export function resourceOf({ bot, writer, version }: Origin): Resource {
  const known = { 'service.name': bot, 'service.instance.id': writer, 'service.version': version };
  return defaultResource()
    .merge(resourceFromAttributes(known))
    .merge(detectResources({ detectors: [envDetector] }));
}
