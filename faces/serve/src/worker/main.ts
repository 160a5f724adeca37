/** What the pool's processes run. Its argument: seconds until a model that is not used is dropped. */
import { serveTasks } from "./serve-tasks.ts";
import { tasks } from "./tasks.ts";

serveTasks(tasks, { idleSeconds: Number(process.argv[2]) });
