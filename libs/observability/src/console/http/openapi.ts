import { z } from 'zod';
import * as requests from '../../alerts/http/requests';
import * as api from '../api/console-api';

/** A route of the API, as the document has it. */
interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** Names of parameters in the query. */
  readonly query?: readonly string[];
  readonly body?: z.ZodType;
  /** It asks with a body, and changes nothing. */
  readonly isRead?: true;
  readonly answer?: z.ZodType;
  /** Other than 200. */
  readonly status?: 201 | 202 | 204;
  readonly contentType?: string;
}

const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/overview',
    summary: 'Everything as it is, or as it was',
    query: ['at'],
    answer: api.overview,
  },
  {
    method: 'get',
    path: '/stream',
    summary: 'Server-sent events',
    query: ['after'],
    contentType: 'text/event-stream',
  },
  {
    method: 'get',
    path: '/series',
    summary: 'Lines for plots',
    query: ['from', 'to', 'points', 'symbol', 'at'],
    answer: api.series,
  },
  {
    ...{ method: 'get', path: '/events', summary: 'A page of the log', answer: api.eventsPage },
    query: ['before', 'after', 'limit', 'type', 'symbol', 'bot', 'alert', 'from', 'to', 'at'],
  },
  {
    method: 'get',
    path: '/events/{position}/causation',
    summary: 'Causes and effects of a record',
    query: ['at'],
    answer: api.causation,
  },
  {
    method: 'get',
    path: '/timeline',
    summary: 'The whole log in parts',
    query: ['buckets'],
    answer: api.timeline,
  },
  {
    method: 'get',
    path: '/missed',
    summary: 'What happened since a position or a time',
    query: ['after', 'from', 'at'],
    answer: api.missed,
  },
  {
    method: 'get',
    path: '/alerts',
    summary: 'A page of open or past alerts; `before` is the `next` of the page that it follows',
    query: ['status', 'before', 'limit'],
    answer: api.alertsPage,
  },
  {
    method: 'get',
    path: '/alerts/{id}',
    summary: 'An alert and its story',
    query: ['at'],
    answer: api.alertDetail,
  },
  {
    method: 'post',
    path: '/alerts/{id}/acknowledge',
    summary: 'Acknowledge an open alert',
    body: requests.acknowledgement,
    answer: api.alertView,
  },
  {
    method: 'post',
    path: '/alerts/{id}/resolve',
    summary: 'Resolve an open alert',
    body: requests.resolution,
    answer: api.alertView,
  },
  {
    method: 'post',
    path: '/silences/preview',
    summary: 'The alerts that a silence would hold',
    body: requests.silencePreview,
    answer: api.silencePreview,
  },
  {
    method: 'post',
    path: '/silences',
    summary: 'Silence alerts',
    body: requests.silenceRequest,
    answer: api.silenceCreated,
    status: 201,
  },
  { method: 'delete', path: '/silences/{id}', summary: 'End a silence', status: 204 },
  {
    method: 'post',
    path: '/missed/planned',
    summary: 'Say that what happened in a time was planned',
    body: requests.planOrder,
    answer: api.planned,
    status: 201,
  },
  { method: 'get', path: '/channels', summary: 'Channels, queues and dead letters', answer: api.delivery },
  { method: 'post', path: '/channels/{name}/test', summary: 'Test a channel', answer: api.testResult },
  {
    method: 'post',
    path: '/dead-letters/{id}/resend',
    summary: 'Send a dead letter again',
    answer: api.resent,
    status: 202,
  },
  { method: 'get', path: '/rules', summary: 'Thresholds and routes that can be tried', answer: api.rules },
  {
    method: 'post',
    path: '/rules/runs',
    summary: 'A part of the log under changed rules',
    isRead: true,
    body: requests.rulesRunOrder,
    answer: api.rulesRun,
  },
  { method: 'get', path: '/breakers', summary: 'Open breakers', answer: z.array(api.breaker) },
  {
    method: 'post',
    path: '/breakers/{scope}/reset',
    summary: 'Reset a breaker',
    body: requests.breakerReset,
  },
  { method: 'get', path: '/session', summary: 'What this browser may do', answer: api.session },
  {
    method: 'post',
    path: '/session',
    summary: 'Begin a session',
    body: api.sessionBody,
    answer: api.session,
  },
  { method: 'delete', path: '/session', summary: 'End the session', answer: api.session },
];

const POSITION = { type: 'integer', minimum: 0 };

/** The schemas of parameters in the query that are no texts. */
const PARAMETERS: Readonly<Record<string, object>> = {
  limit: { type: 'integer', minimum: 1, maximum: 1_000 },
  status: { type: 'string', enum: ['open', 'past'], default: 'open' },
  before: POSITION,
  after: POSITION,
  at: POSITION,
};

/**
 * The API as OpenAPI 3.1, from the schemas that its types follow from.
 *
 * @param path the one that the API is served under
 */
export function openApi(path: string, version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Schemas = {};
  const problem = schemaOf(api.problem, schemas);
  for (const operation of OPERATIONS) {
    const made = described(operation, problem, schemas);
    paths[operation.path] = { ...paths[operation.path], [operation.method]: made };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'OpenSQT: the API of the page', version },
    servers: [{ url: path }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function described(operation: Operation, problem: unknown, schemas: Schemas): object {
  const { method, path, summary, query = [], body, answer, status = 200, contentType } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const isChange = method !== 'get' && !path.startsWith('/session') && operation.isRead !== true;
  const content =
    answer === undefined
      ? contentType && { [contentType]: { schema: { type: 'string' } } }
      : { 'application/json': { schema: schemaOf(answer, schemas) } };
  return {
    summary,
    ...(isChange ? { security: [{ token: [] }] } : {}),
    parameters: [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...query.map((name) => ({ name, in: 'query', schema: PARAMETERS[name] ?? { type: 'string' } })),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, schemas) } },
          },
        }),
    responses: {
      [status]: { description: summary, ...(content ? { content } : {}) },
      default: {
        description: 'An error',
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}

type Schemas = Record<string, unknown>;

/** The schema, whose named parts are put among the document's. */
function schemaOf(schema: z.ZodType, schemas: Schemas): unknown {
  const text = JSON.stringify(z.toJSONSchema(schema)).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _dialect, $defs, ...own } = JSON.parse(text) as Schemas;
  Object.assign(schemas, $defs);
  const { id, ...rest } = own;
  if (typeof id !== 'string') return rest;
  schemas[id] = rest;
  return { $ref: `#/components/schemas/${id}` };
}
