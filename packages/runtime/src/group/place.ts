/** This process among those that were started together. */
export interface Place {
  /** Its number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}

/**
 * The place that Open MPI's `mpirun`, or Slurm's `srun --mpi=pmix`, has given this process; without them it is
 * alone.
 */
export function placeInGroup(): Place {
  const { env } = process;
  const rank = env["OMPI_COMM_WORLD_RANK"] ?? env["PMIX_RANK"];
  const size = env["OMPI_COMM_WORLD_SIZE"] ?? env["SLURM_STEP_NUM_TASKS"];
  if (rank === undefined || size === undefined) return { rank: 0, size: 1 };
  return { rank: Number(rank), size: Number(size) };
}
