/** What is said around every screen, in Chinese. */
export const product = { name: '长堤', tagline: '一起匹配，一起度量；任何一行都不离开它的主人。' };

export const navigation = {
  label: '主导航',
  skip: '跳到正文',
  home: '首页',
  datasets: '数据集',
  network: '网络',
  propose: '发起提议',
  agreements: '协议',
  jobs: '运行',
  results: '结果',
  audiences: '人群包',
  guests: '访客',
  ledger: '账本',
  settings: '设置',
};

export const preferences = {
  title: '语言、外观与时区',
  language: '语言',
  appearance: '外观',
  light: '浅色',
  dark: '深色',
  system: '跟随系统',
  zone: '时区',
  zoneLocal: '本地（{{zone}}）',
  zoneUtc: '协调世界时',
};

export const session = {
  title: '登录',
  name: '用户名',
  password: '密码',
  signIn: '登录',
  signOut: '退出登录',
  account: '{{name}} 的账号',
  first: '第一次使用？设置密码',
  firstTitle: '设置密码',
  firstAbout:
    '新节点只有一个用户 admin，还没有密码。能读取节点文件夹的人就是节点的主人：请粘贴其中 admin.token 文件里的那一行。',
  token: 'admin.token 中的那一行',
  newPassword: '新密码',
  newPasswordRule: '至少 12 个字符',
  set: '设置密码并登录',
  back: '返回登录',
  required: '必填',
};

export const roles = {
  admin: '管理员',
  steward: '数据管理员',
  analyst: '分析师',
  approver: '审批人',
  auditor: '审计员',
};

export const problem = {
  remedy: '怎么办',
  cause: '{{organisation}} 的说明',
  partner: '合作方',
  code: '代码 {{code}}',
  request: '请求 {{id}}',
  retry: '重试',
  silent: '当前显示的是 {{time}} 读取的内容；节点恢复后会自动继续。',
  screenTitle: '无法显示此页面',
  absentTitle: '没有这个页面',
  absentAbout: '地址可能已失效或输入有误。',
  toHome: '回到首页',
  titles: {
    unreachable: '节点没有应答',
    'bad-credentials': '用户名或密码不正确',
    unauthenticated: '请重新登录',
    forbidden: '您的角色不允许此操作',
    conflict: '内容已被更改或占用',
    'invalid-request': '有字段不符合要求',
    'too-many-attempts': '尝试次数过多，请稍候',
    'name-in-use': '已有成员使用该名称',
    'values-refused': '没有可发布的取值列表',
    'file-not-allowed': '节点不得读取该文件',
    'no-network': '本节点尚未加入网络',
    'invite-refused': '邀请未被接受',
    'not-operator': '只有运营方可以这样做',
    'not-found': '这里没有您可以查看的内容',
    unavailable: '节点目前无法处理',
    internal: '节点出错',
    other: '未能完成',
  },
};
