/** The local API as an OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1), made from the table of routes. */
import { z } from 'zod';
import type { JsonObject, JsonValue } from '../json/index.ts';
import { problem } from './problem.ts';
import { everyone } from './role.ts';
import type { Route } from './route.ts';
import { type RouteName, routeNames, routes } from './table.ts';

type Mutable = { [name: string]: JsonValue };

/** @param about the release that serves the API. */
export function openApi(about: { readonly version: string }): JsonObject {
  const components: Mutable = {};
  const paths: { [path: string]: Mutable } = {};
  for (const name of routeNames) {
    const route: Route = routes[name];
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(name, route, components);
  }
  schemaOf(problem, 'output', components);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Causeway node, local API',
      version: about.version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'For the console, the command line and programs of the organisation that runs the node. Unknown fields are refused. ' +
        'Every failure is a problem document (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'a token made by `token.create`' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'causeway-session',
          description:
            'set by `session.login`, its name followed by `-` and the node’s port; requests other than GET also need the header `x-causeway-csrf`',
        },
      },
    },
  };
}

/** A body that is bytes, as RFC 2046 §4.5.1 names it; OpenAPI 3.1 wants no schema beside it. */
const bytesType = 'application/octet-stream';

function operation(name: RouteName, route: Route, components: Mutable): Mutable {
  const description =
    rolesSentence(route) + (route.errors === undefined ? '' : ` May fail with ${route.errors.join(', ')}.`);
  const body = route.body === undefined ? undefined : schemaOf(route.body, 'input', components);
  return {
    operationId: name,
    tags: [name.slice(0, name.indexOf('.'))],
    summary: route.summary,
    description,
    ...(route.roles === 'public' ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    parameters: [...parameters(route.params, 'path', components), ...parameters(route.query, 'query', components)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    ...(route.bytes === undefined ? {} : { requestBody: { required: true, content: { [bytesType]: {} } } }),
    responses: {
      '200': success(route, components),
      default: {
        description: 'what went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function success(route: Route, components: Mutable): Mutable {
  if (route.file !== undefined) return { description: 'the file', content: { [route.file.type]: {} } };
  const schema = schemaOf(route.response, 'output', components);
  if (route.stream !== 'sse') return { description: 'done', content: { 'application/json': { schema } } };
  return {
    description:
      'Server-sent events. Each `data` is of this schema, its `sequence` is the event’s id: send the last one as `Last-Event-ID` to go on. ' +
      'An event named `end` closes the stream, one named `problem` holds a problem document and closes it too.',
    content: { 'text/event-stream': { schema } },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query', components: Mutable): JsonValue[] {
  if (schema === undefined) return [];
  const object = schemaOf(schema, 'input', components) as { properties?: Mutable; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (object.required ?? []).includes(name),
    schema: property,
  }));
}

/** JSON Schema 2020-12, which OpenAPI 3.1 takes as it is; schemas with a name move to `components`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Mutable): JsonValue {
  const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'throw' }) as Mutable;
  for (const [name, definition] of Object.entries(($defs as Mutable | undefined) ?? {})) {
    const { id: _id, ...rest } = definition as Mutable;
    components[name] = withReferences(rest);
  }
  const { id, ...rest } = own;
  if (typeof id !== 'string') return withReferences(own);
  components[id] = withReferences(rest);
  return { $ref: `#/components/schemas/${id}` };
}

function withReferences(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withReferences);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : withReferences(inner),
    ]),
  );
}

function rolesSentence(route: Route): string {
  if (route.roles === 'public') return 'For anyone.';
  if (route.roles.length === everyone.length) return 'For every signed-in user.';
  return `For ${route.roles.join(', ')}.`;
}
