import { allowedPath, type DomainHandlers } from '../../http/index.ts';
import type { Backups } from '../backups.ts';
import type { Services } from '../services.ts';

export function backupHandlers(services: Services, backups: Backups): Pick<DomainHandlers, 'node.backup'> {
  return {
    'node.backup': async ({ body }, { user }) => {
      const { datasetFolders } = await services.settings();
      return backups.start(await allowedPath(body.to, 'write', datasetFolders), user.name);
    },
  };
}
