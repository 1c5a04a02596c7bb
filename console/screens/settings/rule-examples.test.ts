import { settingsDefault } from '@causeway/core/api';
import { describe, expect, it } from 'vitest';
import { changesOf, refusedBy } from './rule-examples.ts';

const limits = (minimumListRows: number, minimumGroupRows: number) => ({
  purpose: `${minimumListRows}/${minimumGroupRows}`,
  terms: { limits: { minimumListRows, minimumGroupRows } },
});

describe('what rules would refuse', () => {
  const facts = {
    datasets: [
      { name: 'crm', rows: 1500 },
      { name: 'vip', rows: 80 },
    ],
    agreements: [limits(1000, 50), limits(100, 100), { purpose: 'other', terms: {} }],
  };

  it('are own datasets that are too short, and agreements that say less than the rule', () => {
    const refused = refusedBy({ ...settingsDefault, minimumListRows: 1000, minimumGroupRows: 60 }, facts);
    expect(refused.minimumListRows).toEqual({ datasets: ['vip'], agreements: ['100/100'] });
    expect(refused.minimumGroupRows).toEqual({ datasets: [], agreements: ['1000/50'] });
  });

  it('are none where the rule is met exactly', () => {
    const refused = refusedBy({ ...settingsDefault, minimumListRows: 80, minimumGroupRows: 50 }, facts);
    expect(refused.minimumListRows).toEqual({ datasets: [], agreements: [] });
    expect(refused.minimumGroupRows.agreements).toEqual([]);
  });
});

describe('changes of settings', () => {
  it('are what is different, and nothing else', () => {
    expect(changesOf(settingsDefault, settingsDefault)).toEqual({});
    const after = { ...settingsDefault, fourEyes: true, datasetFolders: ['/data'], optOutDatasets: [] };
    expect(changesOf(settingsDefault, after)).toEqual({ fourEyes: true, datasetFolders: ['/data'] });
  });
});
