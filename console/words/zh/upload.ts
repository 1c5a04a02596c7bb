/** What is said of files on their way, in Chinese. */
export const upload = {
  choose: '选择文件',
  orDrop: '或拖放到此处',
  formats: 'CSV、TSV、JSON lines、Parquet 或 XLSX，大小不限；只发送到您自己的节点。',
  sending: '正在发送 {{name}}',
  sent: '{{sent}} / {{bytes}}',
  rate: '每秒 {{rate}}',
  left: '还需 {{time}}',
  nodeAway: '节点没有应答；恢复后会自动继续。',
  stop: '停止',
  stopAbout: '已发送的部分保留一周；再次选择同一文件即可继续。',
  waiting: '之前发送的文件',
  goOn: '已收到 {{sent}} / {{bytes}}；再次选择同一文件即可继续。',
  whole: '{{bytes}} · {{time}} 之前等待接入',
  remove: '移除',
};
