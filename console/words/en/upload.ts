/** What is said of files on their way, in English. */
export const upload = {
  choose: 'Choose a file',
  orDrop: 'or drop it here',
  formats: 'CSV, TSV, JSON lines, Parquet or XLSX, of any size. It goes to your own node and nowhere else.',
  sending: 'Sending {{name}}',
  sent: '{{sent}} of {{bytes}}',
  rate: '{{rate}} a second',
  left: '{{time}} left',
  nodeAway: 'The node does not answer; it goes on by itself when it is back.',
  stop: 'Stop',
  stopAbout: 'What was sent stays for a week. Choose the same file again to go on.',
  waiting: 'Sent before',
  goOn: '{{sent}} of {{bytes}} are there. Choose the same file again to go on.',
  whole: '{{bytes}} · waits to be taken in until {{time}}',
  remove: 'Remove',
};
