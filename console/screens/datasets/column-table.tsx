import { Input, Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import type { ColumnChoice, FileReport, Grade } from './column-choice.ts';

type Column = FileReport['columns'][number];

/** Each column of a file with the form of its values, every letter and digit masked, and what it is to be. */
export function ColumnTable(props: {
  readonly columns: readonly Column[];
  readonly choices: readonly ColumnChoice[];
  readonly onChange: (choices: readonly ColumnChoice[]) => void;
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const change = (at: number, changes: Partial<ColumnChoice>) =>
    props.onChange(props.choices.map((choice, i) => (i === at ? { ...choice, ...changes } : choice)));
  return (
    <Table<Column>
      rowKey="name"
      dataSource={props.columns}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          title: t('add.column'),
          render: (_, { name, notices }) => (
            <>
              <span className="mono">{name}</span>
              {notices.map(({ code, words }) => (
                <div className="fine" key={code}>
                  {words[language]}
                </div>
              ))}
            </>
          ),
        },
        { title: t('add.form'), render: (_, { form }) => <span className="mono">{form}</span> },
        {
          title: t('add.use'),
          render: (_, { name }, at) => (
            <Select<ColumnChoice['use']>
              style={{ width: 130 }}
              aria-label={`${t('add.use')}: ${name}`}
              value={props.choices[at]!.use}
              onChange={(use) => change(at, { use })}
              options={[
                { value: 'identifier', label: t('add.asIdentifier') },
                { value: 'attribute', label: t('add.asAttribute') },
                { value: 'nothing', label: t('add.asNothing') },
              ]}
            />
          ),
        },
        {
          title: `${t('add.profile')} / ${t('add.grade')}`,
          render: (_, { name }, at) => {
            const choice = props.choices[at]!;
            switch (choice.use) {
              case 'identifier':
                return (
                  <Input
                    className="mono"
                    style={{ width: 220 }}
                    aria-label={`${t('add.profile')}: ${name}`}
                    value={choice.profile}
                    placeholder="phone/sha256"
                    onChange={(event) => change(at, { profile: event.target.value })}
                  />
                );
              case 'attribute':
                return (
                  <Select<Grade>
                    style={{ width: 220 }}
                    aria-label={`${t('add.grade')}: ${name}`}
                    value={choice.grade}
                    onChange={(grade) => change(at, { grade })}
                    options={(['public', 'internal', 'personal', 'sensitive'] as const).map((value) => ({
                      value,
                      label: t(`add.grades.${value}`),
                    }))}
                  />
                );
              case 'nothing':
                return null;
            }
          },
        },
      ]}
    />
  );
}
