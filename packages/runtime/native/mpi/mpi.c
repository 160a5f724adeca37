// What a group of processes needs of MPI, for Node. Every process calls the same functions in the same order.
#include <mpi.h>
#include <node_api.h>
#include <stdlib.h>

static MPI_Request arrival = MPI_REQUEST_NULL;
static MPI_Request* sums = NULL;
static int sums_started = 0;

static napi_value number(napi_env env, int32_t value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

// The first argument, a typed array.
static void* elements(napi_env env, napi_callback_info info, size_t* length) {
  size_t count = 1;
  napi_value array;
  void* data = NULL;
  napi_get_cb_info(env, info, &count, &array, NULL, NULL);
  napi_get_typedarray_info(env, array, NULL, length, &data, NULL, NULL);
  return data;
}

// join(): [rank, size]
static napi_value join(napi_env env, napi_callback_info info) {
  int rank, size;
  // Sends each byte less than twice. What Open MPI would choose sends it 2 log(size) times, one after the other.
  setenv("OMPI_MCA_coll_libnbc_iallreduce_algorithm", "rabenseifner", 0);
  MPI_Init(NULL, NULL);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  napi_value result;
  napi_create_array(env, &result);
  napi_set_element(env, result, 0, number(env, rank));
  napi_set_element(env, result, 1, number(env, size));
  return result;
}

// leave(): waits for all
static napi_value leave(napi_env env, napi_callback_info info) {
  MPI_Finalize();
  return NULL;
}

// arrive(): tells the others that this process is here
static napi_value arrive(napi_env env, napi_callback_info info) {
  MPI_Ibarrier(MPI_COMM_WORLD, &arrival);
  return NULL;
}

// haveArrived(): whether all are here
static napi_value have_arrived(napi_env env, napi_callback_info info) {
  int all;
  MPI_Test(&arrival, &all, MPI_STATUS_IGNORE);
  napi_value result;
  napi_get_boolean(env, all, &result);
  return result;
}

// startSum(values: Float32Array): begins to replace them by their sum over all processes
static napi_value start_sum(napi_env env, napi_callback_info info) {
  size_t length = 0;
  void* values = elements(env, info, &length);
  sums = realloc(sums, (sums_started + 1) * sizeof *sums);
  MPI_Iallreduce(MPI_IN_PLACE, values, (int)length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD, &sums[sums_started++]);
  return NULL;
}

// advanceSums(): sends and adds what can be without waiting
static napi_value advance_sums(napi_env env, napi_callback_info info) {
  int all;
  MPI_Testall(sums_started, sums, &all, MPI_STATUSES_IGNORE);
  return NULL;
}

// finishSums()
static napi_value finish_sums(napi_env env, napi_callback_info info) {
  MPI_Waitall(sums_started, sums, MPI_STATUSES_IGNORE);
  sums_started = 0;
  return NULL;
}

// gather(bytes: Uint8Array): Buffer[], those of every process
static napi_value gather(napi_env env, napi_callback_info info) {
  size_t length = 0;
  void* bytes = elements(env, info, &length);
  int size, own = (int)length, total = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  int* lengths = malloc(2 * size * sizeof(int));
  int* starts = lengths + size;
  MPI_Allgather(&own, 1, MPI_INT, lengths, 1, MPI_INT, MPI_COMM_WORLD);
  for (int i = 0; i < size; i++) {
    starts[i] = total;
    total += lengths[i];
  }
  char* all = malloc(total);
  MPI_Allgatherv(bytes, own, MPI_BYTE, all, lengths, starts, MPI_BYTE, MPI_COMM_WORLD);
  napi_value result, copy;
  napi_create_array(env, &result);
  for (int i = 0; i < size; i++) {
    napi_create_buffer_copy(env, lengths[i], all + starts[i], NULL, &copy);
    napi_set_element(env, result, i, copy);
  }
  free(all);
  free(lengths);
  return result;
}

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } functions[] = {{"join", join},
                   {"leave", leave},
                   {"arrive", arrive},
                   {"haveArrived", have_arrived},
                   {"startSum", start_sum},
                   {"advanceSums", advance_sums},
                   {"finishSums", finish_sums},
                   {"gather", gather}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL,
                         &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
