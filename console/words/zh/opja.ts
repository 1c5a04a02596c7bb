/** What is said of activations in bid requests, and of OPJA's keys in DNS, in Chinese. */
export const activation = {
  left: '本次运行在此留下的内容',
  advertiser: {
    pair: '双方共有者的 ID，供投放平台在竞价请求中查找。',
    opja: '活动文件，供投放平台打开标签。',
  },
  publisher: {
    pair: '己方每行旁的 ID，用于竞价请求（user.eids，pair-protocol.com）。',
    opja: '己方每行旁的密封标签，用于竞价请求（user.ext.opja）；在您看来它们没有区别。',
  },
  until: '可导出至 {{time}}。',
  optOuts: '{{datasets}} 中的人未参与；此后若又有人选择退出，则不再导出，须重新运行。',
  optOutsNone: '未设置选择退出名单。',
  toAudience: '带有 ID 或标签的己方行：写入文件',
  none: '此处没有留下任何内容。',
  mayNot: '管理员或数据管理员可以写出文件。',
};

export const opja = {
  ownKeys: '本节点的密钥',
  ownNone: '本节点还没有密钥。须有已公布的密钥才能密封标签。',
  newest: '最新密钥生成于 {{time}}，共 {{count}} 个。每个密钥可用于密封标签 180 天。',
  publishThis: '请 {{domain}} 的管理者公布这两条记录：',
  newKey: '生成新密钥',
  needsAdmin: '请本节点的管理员生成。',
  looking: '正在查询…',
  published: '已公布：找到 {{count}} 个密钥。',
  ownPublished: '已公布：找到的密钥中有本节点的密钥。',
  otherKeys: '该域名公布了密钥，但其中没有本节点的密钥：请公布下方的记录。',
  problems: {
    'key-record-missing': '{{domain}} 尚未公布密钥，须在运行前由其管理者公布。',
    'key-record-malformed': '{{domain}} 的记录不符合 OPJA 的要求，须由其管理者更正。',
    'key-lookup-failed': 'DNS 没有返回关于 {{domain}} 的结果；运行时会再次查询。',
  },
};
