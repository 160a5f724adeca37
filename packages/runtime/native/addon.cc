// A Node addon without functions: loading it registers the operations with the libtensorflow that
// tfjs-node has loaded.
#include <node_api.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include "kernels.h"
#include "operation.h"
#include "operations.h"

namespace {

void check(const TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) throw std::runtime_error(TF_Message(status));
}

void set_up() {
  kernels();  // Throws if there are none.
  keep_freed_memory();
  register_lstm();
  register_gru();
  register_rnn();
  register_adam();
  register_attention();
  register_convolution();
  register_decoder_layer_step();
  register_decoder_step();
  register_matrix_product();
  register_dense();
  register_half();
  register_heads();
  register_row_wise();
  register_rows();
  release_library_pages();
}

}  // namespace

void register_operation(const char* name, std::initializer_list<const char*> inputs,
                        std::initializer_list<const char*> outputs,
                        void (*compute)(void*, TF_OpKernelContext*),
                        std::initializer_list<const char*> attributes, KernelState state) {
  const std::unique_ptr<TF_Status, void (*)(TF_Status*)> status(TF_NewStatus(), TF_DeleteStatus);
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition,
                                                  TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(definition, status.get());
  check(status.get());
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", state.create, compute, state.destroy);
  TF_RegisterKernelBuilder(name, kernel, status.get());
  check(status.get());
}

namespace {

template <typename Value>
Value read_attribute(TF_OpKernelConstruction* construction, const char* name,
                     void (*read)(TF_OpKernelConstruction*, const char*, Value*, TF_Status*)) {
  const std::unique_ptr<TF_Status, void (*)(TF_Status*)> status(TF_NewStatus(), TF_DeleteStatus);
  Value value = 0;
  read(construction, name, &value, status.get());
  if (TF_GetCode(status.get()) != TF_OK) TF_OpKernelConstruction_Failure(construction, status.get());
  return value;
}

}  // namespace

int32_t attribute(TF_OpKernelConstruction* construction, const char* name) {
  return read_attribute<int32_t>(construction, name, TF_OpKernelConstruction_GetAttrInt32);
}

float float_attribute(TF_OpKernelConstruction* construction, const char* name) {
  return read_attribute<float>(construction, name, TF_OpKernelConstruction_GetAttrFloat);
}

NAPI_MODULE_INIT() {
  try {
    // Once per process, however often the addon is loaded.
    static const bool done = (set_up(), true);
    (void)done;
    napi_value name;
    if (napi_create_string_utf8(env, kernels().name, NAPI_AUTO_LENGTH, &name) == napi_ok) {
      napi_set_named_property(env, exports, "instructionSet", name);
    }
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
  }
  return exports;
}
