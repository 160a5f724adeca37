import type { Dictionary } from "./en.ts";
import { learn } from "./zh-learn.ts";
import { chat, photo, talk, train, translate } from "./zh-tabs.ts";

const whole = new Intl.NumberFormat("zh", { style: "percent", maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("zh", { style: "percent", maximumSignificantDigits: 2 });

export const zh: Dictionary = {
  loading: "正在载入……",
  cancel: "取消",
  percent: (value) => (value >= 0.01 ? whole : fine).format(value),
  seconds: (seconds) => `${seconds} 秒`,
  tabs: {
    label: "功能",
    photo: "照片",
    translate: "翻译",
    talk: "语音",
    chat: "对话",
    train: "训练",
    learn: "学习",
  },
  settings: {
    otherLanguage: "EN：用英语显示页面",
    theme: {
      system: "主题：跟随系统；切换为浅色",
      light: "主题：浅色；切换为深色",
      dark: "主题：深色；切换为跟随系统",
    },
  },
  errors: {
    retry: "重试",
    noServer: "服务器没有响应。请运行 pnpm studio 启动它，然后重试。",
    restarted: "引擎重新启动，这个请求丢失了。请重试。",
    forgotten: "服务器已忘记这段对话。请重试，与自带的机器人继续；或重新放入问答文件或照片。",
    tooSlow: "处理时间过长。请换用较小的文件或较短的文本。",
    busy: (seconds) => `服务器正忙。请在 ${seconds} 秒后重试。`,
    notValid: (said) => `输入无效，请修改后重试。服务器的说明：${said}`,
    notFound: (said) => `没有找到，可能已经过期。服务器的说明：${said}`,
    tooLarge: (said) => `文件太大，请选择较小的文件。服务器的说明：${said}`,
    notReadable: (said) => `无法读取该文件，请换一个文件。服务器的说明：${said}`,
    denied: (said) => `浏览器不允许此操作（${said}）。请在浏览器设置中允许本页面使用，或改用文件。`,
    unexpected: (said) => `出现意外错误：${said} 请重试；服务器的输出中有更多信息。`,
  },
  photo,
  translate,
  talk,
  chat,
  train,
  learn,
};
