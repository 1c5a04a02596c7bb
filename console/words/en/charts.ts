/** What is said of charts and their tables, in English. */
export const charts = {
  form: 'Show as: {{title}}',
  chart: 'Chart',
  table: 'Table',
  chartOf: '{{title}}: a chart. Its table has the same numbers.',
  saveAs: 'Save {{title}}',
  save: { png: 'Picture (PNG)', svg: 'Drawing (SVG)', csv: 'Table (CSV)' },
  hidden: 'not shown',
  hiddenBelow:
    'Not shown: fewer than {{minimum}} people, the smallest group of the agreement, or hidden to protect such a group.',
  hiddenBelowOf:
    'Not shown: fewer than {{minimum}} people, the smallest group of {{owners}}, or hidden to protect such a group.',
  hiddenAbout: 'Groups that are too small are not shown, nor are others that would give them away.',
};
