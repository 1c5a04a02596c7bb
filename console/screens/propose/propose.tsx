import {
  AimOutlined,
  ApartmentOutlined,
  BarChartOutlined,
  ExportOutlined,
  NotificationOutlined,
} from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { draftOf, operations, type Template } from './draft.ts';
import { keepDraft } from './kept-draft.ts';
import { NoNetwork } from './no-network.tsx';
import './propose.css';

const icons = {
  match: AimOutlined,
  insight: BarChartOutlined,
  room: ApartmentOutlined,
  deliver: ExportOutlined,
  activate: NotificationOutlined,
};

/** What can be proposed, each by the question that it answers; and what was kept to be proposed again. */
export function Propose() {
  const may = useMay();
  // Said before the node is asked for anything.
  return may('agreement.proposeMatch') ? <Offered /> : <NotAllowed />;
}

function Offered() {
  const { t } = useTranslation();
  const { data: status } = useSuspenseQuery(queries.status);
  const operationWord = useOperationWord();
  return (
    <section className="screen">
      <div>
        <h1>{t('propose.title')}</h1>
        <p className="about">{t('propose.about')}</p>
      </div>
      {status.network === undefined && <NoNetwork />}
      <ul className="plain-list applications">
        {operations.map((operation) => {
          const Icon = icons[operation];
          return (
            <li key={operation}>
              <Link to="/propose/$operation" params={{ operation }} className="application">
                <Icon aria-hidden className="application-icon" />
                <strong>{t(`propose.questions.${operation}`)}</strong>
                <span className="fine">{t(`propose.answers.${operation}`)}</span>
                <span className="application-name">{operationWord(operation)} →</span>
              </Link>
            </li>
          );
        })}
      </ul>
      <Templates />
    </section>
  );
}

function NotAllowed() {
  const { t } = useTranslation();
  return (
    <section className="screen">
      <h1>{t('propose.title')}</h1>
      <div className="panel">
        <NothingYet title={t('problem.titles.forbidden')} about={t('propose.needsAnalyst')} />
      </div>
    </section>
  );
}

function Templates() {
  const { t } = useTranslation();
  const figures = useFigures();
  const navigate = useNavigate();
  const operationWord = useOperationWord();
  const { items } = useSuspenseQuery(queries.templates).data;
  const remove = useAction((template: string) => client.template.remove({ template }), { changes: ['templates'] });
  const begin = (template: Template) => {
    const draft = draftOf(template);
    keepDraft(draft);
    void navigate({
      to: '/propose/$operation',
      params: { operation: draft.operation },
      search: { step: 'preview' },
    });
  };
  if (items.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('propose.templates')}</h2>
      {remove.error !== null && <ProblemNote error={remove.error} />}
      <ul className="rows plain-list">
        {items.map((template) => (
          <li key={template.id}>
            <div className="what">
              <strong>{template.name}</strong>
              <span className="fine">
                {operationWord(template.proposal.operation)} ·{' '}
                {t('propose.keptBy', { user: template.createdBy, time: figures.time(template.createdAt) })}
              </span>
            </div>
            <div className="toolbar">
              <Button
                size="small"
                aria-label={`${t('propose.begin')}: ${template.name}`}
                onClick={() => begin(template)}
              >
                {t('propose.begin')}
              </Button>
              <Button
                size="small"
                type="text"
                aria-label={`${t('propose.forget')}: ${template.name}`}
                onClick={() => remove.run(template.id)}
              >
                {t('propose.forget')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
