import { declaredValues, hasColumn, type TableRules } from '../room-tables.ts';
import type { Field, RequestForm } from './form.ts';

/** Columns that every table of events has for something else. */
const known: ReadonlySet<string> = new Set([
  ...['at', 'kind', 'channel', 'campaign', 'creative', 'cost', 'value', 'currency', 'event_id', 'order_ref'],
]);
const touchKinds = ['exposure', 'click', 'visit'];

/** Of a log of one's own alone, and where nobody else is told: addresses and user agents leave it for nobody. */
export function trafficForm(
  events: readonly TableRules[],
  { organisation, receivers }: { readonly organisation: string; readonly receivers: readonly string[] },
): RequestForm | undefined {
  const logs = events.filter(
    (table) =>
      table.owner === organisation &&
      hasColumn(table, 'channel') &&
      declaredValues([table], 'kind').some((kind) => touchKinds.includes(kind)),
  );
  const [log] = logs;
  if (log === undefined || receivers.some((receiver) => receiver !== organisation)) return undefined;
  const columnsOf = (name: unknown) =>
    (logs.find((table) => table.name === name) ?? log).columns
      .map((column) => column.name)
      .filter((column) => !known.has(column) && column !== log.person);
  return {
    application: 'traffic',
    request: { application: 'traffic', events: [log.name], crawlers: [], sampleSize: 5 },
    fields: ({ events: chosen }) => {
      const columns = columnsOf((chosen as readonly string[])[0]);
      const column = (path: string, word: 'agentColumn' | 'addressColumn' | 'deviceColumn'): Field => ({
        ...{ path: [path], word, kind: 'one', options: columns, isOptional: true },
      });
      const named: readonly Field[] =
        columns.length === 0
          ? []
          : [column('agent', 'agentColumn'), column('address', 'addressColumn'), column('device', 'deviceColumn')];
      return [
        { path: ['events'], word: 'log', kind: 'only', options: logs.map(({ name }) => name) },
        ...named,
        { path: ['crawlers'], word: 'crawlers', kind: 'crawlers' },
        {
          ...{ path: ['clickAfterExposureSeconds'], word: 'clickAfter', kind: 'number', min: 0, max: 8_640_000 },
          ...{ isOptional: true, each: 3600, unit: 'hours' },
        },
        { path: ['sampleSize'], word: 'sampleSize', kind: 'number', min: 0, max: 100, isFurther: true },
      ];
    },
    settled: ({ agent, address, device, ...rest }) => {
      const columns = columnsOf((rest.events as readonly string[])[0]);
      const kept = Object.entries({ agent, address, device }).filter(([, name]) => columns.includes(name as string));
      return { ...rest, ...Object.fromEntries(kept) };
    },
  };
}
