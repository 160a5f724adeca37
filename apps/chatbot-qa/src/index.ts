export { Chatbot, type ChatbotOptions, loadChatbot } from "./chatbot.ts";
export type { Kind, Reply, ReplyOptions, Source, Turn } from "./responder.ts";
export type { Asked, Session } from "./session.ts";
