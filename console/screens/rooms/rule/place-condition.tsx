import { CloseOutlined } from '@ant-design/icons';
import { ruleLimits } from '@causeway/core/applications/select';
import { type CoordinateSystem, coordinateSystems, type Position, radiusMax, systemNames } from '@causeway/core/geo';
import { Button, Input, InputNumber, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../../app/preferences.ts';
import { useFigures } from '../../../show/figures.ts';
import { type LongColumn, LongTable } from '../../../show/long-table.tsx';
import { useOrganisationName } from '../../../show/organisations.tsx';
import { localPoints } from './local-map.ts';
import { NotSwitch } from './not-switch.tsx';
import { PlaceMap } from './place-map.tsx';
import { type PastedPoints, readPoints } from './points.ts';
import type { PlaceDraft } from './rule-draft.ts';
import type { ConditionProps } from './rule-editor.tsx';

/** Within circles around points: which places, how far, what the coordinates mean; the points drawn to scale, and the same in a table. */
export function PlaceCondition({ condition, words, onChange }: ConditionProps<'place'>) {
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  const { place, withinMetres, of, system } = condition;
  const tag = words.places.find(({ name }) => name === place);
  const radiusMin = tag?.kind.kind === 'place' ? tag.kind.radiusMin : 1_000;
  return (
    <div className="rule-place">
      <div className="rule-event">
        <Select<string>
          aria-label={t('builder.place')}
          className="rule-tag"
          value={place ?? null}
          options={words.places.map(({ name, label, owner }) => ({
            value: name,
            label: `${label} · ${nameOf(owner)}`,
          }))}
          onChange={(chosen) => onChange({ ...condition, place: chosen })}
        />
        <NotSwitch verb="is" isNot={condition.isNot} onChange={(isNot) => onChange({ ...condition, isNot })} />
        <span className="rule-range">
          {t('builder.within')}
          <InputNumber
            aria-label={t('builder.within')}
            min={radiusMin / 1000}
            max={radiusMax / 1000}
            step={1}
            precision={3}
            formatter={(value) => String(Number(value))}
            value={withinMetres / 1000}
            suffix="km"
            onChange={(km) => km !== null && onChange({ ...condition, withinMetres: Math.round(km * 1000) })}
          />
        </span>
        <Select<CoordinateSystem>
          aria-label={t('builder.system')}
          placeholder={t('builder.system')}
          className="rule-tag"
          value={system ?? null}
          options={coordinateSystems.map((value) => ({
            value,
            label: `${systemNames[value]}: ${t(`builder.systems.${value}`)}`,
          }))}
          popupMatchSelectWidth={false}
          onChange={(chosen) => onChange({ ...condition, system: chosen })}
        />
      </div>
      <p className="fine">{t('builder.circleAbout', { km: radiusMin / 1000 })}</p>
      {system === undefined ? (
        <p className="fine">{t('builder.systemFirst')}</p>
      ) : (
        <Points condition={condition} system={system} onChange={onChange} />
      )}
      {of.length > 0 && system !== undefined && (
        <div className="place-views">
          <PlaceMap points={of} radius={withinMetres} system={system} />
          <PointTable points={of} onChange={(points) => onChange({ ...condition, of: points })} />
        </div>
      )}
    </div>
  );
}

/** Typed or pasted, one on each line; what is no place is named, and nothing is guessed. */
function Points(props: {
  readonly condition: PlaceDraft;
  readonly system: CoordinateSystem;
  readonly onChange: (condition: PlaceDraft) => void;
}) {
  const { condition, system, onChange } = props;
  const { t } = useTranslation();
  const { language } = usePreferences();
  const id = useId();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState<PastedPoints['refused']>([]);
  const add = () => {
    const read = readPoints(text, system);
    setRefused(read.refused);
    onChange({ ...condition, of: [...condition.of, ...read.points].slice(0, ruleLimits.pointsMax) });
    if (read.refused.length === 0) setText('');
  };
  return (
    <div>
      <label className="label" htmlFor={id}>
        {t('builder.points')}
      </label>
      <Input.TextArea
        id={id}
        className="mono"
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={text}
        placeholder={'31.2304, 121.4737\n30.2741, 120.1551'}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="toolbar">
        <Button size="small" disabled={text.trim() === ''} onClick={add}>
          {t('builder.addPoints')}
        </Button>
      </div>
      {refused.length > 0 && (
        <div role="alert" className="refusal">
          <ul className="plain-list">
            {refused.slice(0, 5).map(({ line, words }) => (
              <li key={line}>
                {t('builder.line', { line })} {words[language]}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The same as the drawing, for whoever reads or types: each point, and how far it lies from the middle. */
function PointTable(props: { readonly points: readonly Position[]; readonly onChange: (points: Position[]) => void }) {
  const { points, onChange } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const local = localPoints(points);
  const rows = points.map((point, i) => ({ ...point, ...local[i]!, number: i + 1 }));
  const km = (metres: number) => figures.decimal(metres / 1000, 1);
  const columns: readonly LongColumn<(typeof rows)[number]>[] = [
    { key: 'number', title: '#', widthPx: 44, align: 'end', render: ({ number }) => number },
    { key: 'latitude', title: t('builder.latitude'), widthPx: 96, align: 'end', render: ({ latitude }) => latitude },
    {
      key: 'longitude',
      title: t('builder.longitude'),
      widthPx: 96,
      align: 'end',
      render: ({ longitude }) => longitude,
    },
    { key: 'east', title: t('builder.east'), widthPx: 76, align: 'end', render: ({ east }) => km(east) },
    { key: 'north', title: t('builder.north'), widthPx: 76, align: 'end', render: ({ north }) => km(north) },
    {
      key: 'remove',
      title: '',
      widthPx: 44,
      render: ({ number }) => (
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined />}
          aria-label={t('builder.removePoint', { number })}
          onClick={() => onChange(points.filter((_, i) => i !== number - 1))}
        />
      ),
    },
  ];
  return (
    <LongTable
      label={t('builder.pointsOf', { number: figures.count(points.length) })}
      rows={rows}
      rowKey={({ number }) => String(number)}
      columns={columns}
    />
  );
}
