/** What is said of charts and their tables, in Chinese. */
export const charts = {
  form: '显示方式：{{title}}',
  chart: '图表',
  table: '表格',
  chartOf: '{{title}}：图表，对应表格中的数字与之相同。',
  saveAs: '保存{{title}}',
  save: { png: '图片（PNG）', svg: '矢量图（SVG）', csv: '表格（CSV）' },
  hidden: '不显示',
  hiddenBelow: '不显示的数字：少于 {{minimum}} 人（协议约定的最小群体），或为保护此类分组而隐藏。',
  hiddenBelowOf: '不显示的数字：少于 {{minimum}} 人（{{owners}} 的最小群体），或为保护此类分组而隐藏。',
  hiddenAbout: '人数过少的分组不显示；为避免推算出这些分组，另有个别分组也不显示。',
};
