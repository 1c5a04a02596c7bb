import { z } from 'zod';
import { path, reference } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

/**
 * - `fourEyes`: whoever proposed an agreement may not approve it.
 * - `minimumListRows`: a list with fewer rows is never matched. Both sides’ settings hold, so the larger one does.
 * - `minimumGroupRows`: a count below it is never shown.
 * - `evaluationsPerDayMax`: identifiers that a partner may try on the tables of psi/oprf in 24 hours.
 * - `densityPercentMax`: how much of a number segment a list of telephone numbers may cover, on either side; 100: any.
 * - `optOutDatasets`: own datasets of people who opted out; no export has them.
 * - `opjaKeys`: public keys of domains in place of DNS, where that does not have them: `dsp.example=KEY` or `dsp.example=KEY,OLDER`.
 * - `dnsServers`: who is asked for keys in DNS, as an address with or without a port; empty: whom the machine asks.
 * - `uploadBytesMax`: of all files together that were sent to the node and not taken in yet.
 * - `datasetFolders`: files are read from and written to these folders only; empty: any folder.
 */
export const settings = z
  .strictObject({
    fourEyes: z.boolean(),
    minimumListRows: z.number().int().min(50).max(1_000_000_000),
    minimumGroupRows: z.number().int().min(10).max(1_000_000),
    evaluationsPerDayMax: z.number().int().min(1000).max(1_000_000_000),
    densityPercentMax: z.number().int().min(5).max(100),
    optOutDatasets: z.array(reference).max(20),
    opjaKeys: z
      .array(
        z
          .string()
          .max(500)
          .regex(/^[a-z0-9.-]{4,253}=[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43}){0,4}$/, 'domain=KEY or domain=KEY,OLDER'),
      )
      .max(50),
    dnsServers: z
      .array(
        z
          .string()
          .max(60)
          .regex(/^([0-9.]+(:\d{1,5})?|\[[0-9a-fA-F:]+\]:\d{1,5}|[0-9a-fA-F:]+)$/, 'an IP address, or address:port'),
      )
      .max(5),
    uploadBytesMax: z.number().int().min(1_000_000).max(1e14),
    datasetFolders: z.array(path).max(50),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof settings>;

export const settingsDefault: Settings = {
  fourEyes: false,
  minimumListRows: 1000,
  minimumGroupRows: 50,
  evaluationsPerDayMax: 1_000_000,
  densityPercentMax: 50,
  optOutDatasets: [],
  opjaKeys: [],
  dnsServers: [],
  uploadBytesMax: 100_000_000_000,
  datasetFolders: [],
};

export const settingsRoutes = {
  'settings.get': {
    method: 'GET',
    path: '/v1/settings',
    summary: 'The rules that this node holds itself to',
    roles: everyone,
    response: settings,
  },
  'settings.update': {
    method: 'PATCH',
    path: '/v1/settings',
    summary: 'Changes some of the rules',
    roles: ['admin'],
    body: settings.partial(),
    response: settings,
  },
} as const satisfies Record<string, Route>;
