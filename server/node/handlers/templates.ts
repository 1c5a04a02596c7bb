import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@causeway/core/api';
import { type DomainHandlers, notFound } from '../../http/index.ts';
import type { TemplateRow } from '../../store/index.ts';
import { type Services, timeText } from '../services.ts';

type Names = `template.${'list' | 'save' | 'remove'}`;
type Template = ResponseOf<'template.save'>;

export function templateHandlers({ store, clock }: Services): Pick<DomainHandlers, Names> {
  return {
    'template.list': async () => ({ items: (await store.templates.all()).map(templateView) }),
    'template.save': async ({ body }, { user }) => {
      const id = `tpl-${randomBytes(8).toString('hex')}`;
      return templateView(await store.templates.save({ ...body, id, atMs: clock.wallMs(), by: user.name }));
    },
    'template.remove': async ({ params }) => {
      if (!(await store.templates.remove(params.template))) throw notFound();
      return {};
    },
  };
}

function templateView({ id, name, days, proposal, createdAtMs, createdBy }: TemplateRow): Template {
  return {
    id,
    name,
    days,
    proposal: proposal as Template['proposal'],
    createdAt: timeText(createdAtMs),
    createdBy,
  };
}
