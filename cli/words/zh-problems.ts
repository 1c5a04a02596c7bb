/** 无法照办时的语句；键与 `en-problems.ts` 相同。 */
import type { enProblems } from './en-problems.ts';

export const zhProblems: typeof enProblems = {
  usage: {
    unknownCommand: (name, hint) => `没有命令 ${name}。${hint === undefined ? '' : `是不是 ${hint}？`}`,
    unknownOption: (name, hint) => `没有选项 ${name}。${hint === undefined ? '' : `是不是 ${hint}？`}`,
    missingArgument: (name) => `缺少 <${name}>。`,
    missingOption: (flags) => `必须给出 ${flags}。`,
    missingValue: (flags) => `${flags} 需要一个值。`,
    invalidValue: ({ option, value, why }) => `${option} 不能是“${value}”。${why}`,
    tooManyArguments: '参数多于该命令所需；含空格的文字请加引号。',
    incomplete: '命令不完整。',
    notOneOf: (values) => `只能是：${values}。`,
    notWhole: (min, max) => `应为 ${min} 到 ${max} 的整数。`,
    notHostPort: '应为 主机:端口，如 127.0.0.1:7450 或 [::1]:7450。',
    notProtocol: (known: string) => `应为以下之一：${known}；斜杠前的部分可省略。`,
    notShare: '应为 0 到 1 的比例，如 0.3。',
    notDate: '应为日期，如 2030-12-31，或时刻，如 2030-12-31T16:00:00Z。',
    notKey: '应为 32 字节密钥的 Base64。',
    notSegments: '应为列及其取值，如 city=上海,北京，或用 + 连接的两个。',
    notSum: '应为 列:单位:最小..最大，如 spend:CNY:0..10000，可加 :2 表示两位小数。',
    notList: '应为用逗号分隔的值，且都不能为空。',
    remedy: (help) => `${help} 显示用法。`,
  },
  problem: {
    error: '出错',
    unexpected: '命令失败',
    labels: {
      remedy: '怎么办',
      field: '字段',
      partner: '合作方',
      job: '运行',
      request: '请求',
      cause: (organisation) => (organisation === undefined ? '合作方的说明' : `${organisation} 的说明`),
    },
    titles: {
      usage: '命令行有误',
      'needs-option': '有事项需要决定',
      declined: '未执行',
      'no-home': '这里没有节点',
      'broken-home': '节点文件夹不可用',
      lost: '节点不再报告',
      running: '节点已在运行',
      'node-failed': '节点失败',
      'unknown-column': '没有这一列',
      'not-found': '没有找到',
      file: '文件不可用',
      'check-failed': '核验未通过',
      'disclosure-differs': '披露说明不一致',
      interrupted: '已中断',
    },
  },
  home: {
    none: (folder) => `${folder} 中没有节点。`,
    noneRemedy: '请创建：causeway init --org "贵公司"；或用 --home 指明其文件夹。',
    broken: (file, field) => `${file} 不是有效的配置${field === '' ? '' : `：请看 "${field}"`}。`,
    brokenRemedy: '请修正该文件，或用 causeway init --home 文件夹 在别处创建新节点。',
    noToken: (file) => `无法读取 ${file} 中的令牌。`,
    noTokenRemedy: '请以创建节点的用户身份运行，或把 CAUSEWAY_TOKEN 设为自己的令牌。',
  },
  connection: {
    silent: {
      detail: (address) => `${address} 没有节点应答。`,
      remedy: '请用 causeway up --detach 启动；或查看其文件夹中的日志。',
    },
    foreign: {
      detail: (address) => `${address} 上应答的不是 Causeway 节点。`,
      remedy: '请看 config.json 中的 "api"：那里是别的程序在监听，或中间有代理。',
    },
  },
  ask: {
    yes: '是',
    no: '否',
    empty: '不能为空。',
    nobody: (question) => `没有终端可供询问：${question}`,
    nobodyRemedy: (option) => `请加上 ${option}`,
    declined: '什么也没有做。',
  },
  files: {
    exists: (path) => `${path} 已经存在。`,
    existsRemedy: '请换一个名称，或加上 --yes 覆盖它。',
    unreadable: (path, reason) => `无法读取 ${path}：${reason}。`,
    unwritable: (path, reason) => `无法写入 ${path}：${reason}。`,
    notJson: (path, detail) => `${path} 不是可用的 JSON 文档：${detail}。`,
    remedy: '请检查路径，以及您是否有权使用它。',
  },
  reference: {
    unknown: (text) => `没有“${text}”，或不止一个。`,
    list: (command) => `${command} 可列出全部。`,
    ambiguous: (text, count) => `有 ${count} 份协议以 ${text} 开头。`,
    moreDigits: '请多给几位。',
  },
  column: {
    unknown: (text) => `“${text}”的开头不是文件中的列名加冒号。`,
    remedy: (columns) => `文件中的列有：${columns}`,
    badValue: (text) => `“${text}”缺少冒号之后应有的内容。`,
    valueRemedy: (column, values) =>
      values === undefined
        ? `请给出类型，如 ${column}:phone 或 ${column}:email/sha256。`
        : `请给出 ${column}: 加上 ${values} 之一。`,
  },
  follow: {
    jobLeft: (job) => `您已离开；运行 ${job} 仍在继续。`,
    operationLeft: (operation) => `您已离开；工作 ${operation} 仍在继续。`,
    comeBack: (command) => `回来请用：${command}`,
    lost: '在它结束之前，节点不再报告进度。',
  },
};
