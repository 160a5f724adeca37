export { Pool, type PoolOptions } from "./pool.ts";
export type { Request } from "./request.ts";
