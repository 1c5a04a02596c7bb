import { type CoordinateSystem, type Position, systemNames } from '@causeway/core/geo';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../../show/figures.ts';
import { localMap } from './local-map.ts';
import './place-map.css';

const size = { width: 420, height: 300 };
/** Numbers at every point would cover each other. */
const numberedMax = 30;

/** Circles to scale, with lines of latitude and longitude, and nothing that is not known: no borders, no streets. */
export function PlaceMap(props: {
  readonly points: readonly Position[];
  /** Metres. */
  readonly radius: number;
  readonly system: CoordinateSystem;
}) {
  const { points, radius, system } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { circles, meridians, parallels, scale, width, height } = localMap(points, radius, size);
  const length = (metres: number) =>
    metres < 1000 ? `${figures.count(metres)} m` : `${figures.decimal(metres / 1000, 1)} km`;
  const label = t('builder.mapOf', { number: figures.count(points.length), radius: length(radius) });
  return (
    <figure className="place-map">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <title>{label}</title>
        {meridians.map(({ at, degrees }) => (
          <g key={degrees} className="line">
            <line x1={at} x2={at} y1={0} y2={height} />
            <text x={at + 3} y={11}>
              {degrees}°
            </text>
          </g>
        ))}
        {parallels.map(({ at, degrees }) => (
          <g key={degrees} className="line">
            <line x1={0} x2={width} y1={at} y2={at} />
            <text x={4} y={at - 3}>
              {degrees}°
            </text>
          </g>
        ))}
        {circles.map(({ x, y, radius: drawn }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the list
          <g key={i} className="circle">
            <circle cx={x} cy={y} r={Math.max(1.5, drawn)} />
            <circle cx={x} cy={y} r={1.5} className="middle" />
            {circles.length > 1 && circles.length <= numberedMax && (
              <text x={x + 4} y={y - 4}>
                {i + 1}
              </text>
            )}
          </g>
        ))}
        <g className="scale" transform={`translate(${width - scale.width - 14} ${height - 14})`}>
          <path d={`M0 -5V0H${scale.width}V-5`} />
          <text x={scale.width / 2} y={-6}>
            {length(scale.metres)}
          </text>
        </g>
        <g className="scale" transform={`translate(${width - 18} 26)`}>
          <path d="M0 12V-8M-4 -3L0 -9L4 -3" />
          <text x={0} y={-12}>
            N
          </text>
        </g>
      </svg>
      <figcaption className="fine">
        {t('builder.mapAbout', { system: systemNames[system], radius: length(radius) })}
      </figcaption>
    </figure>
  );
}
